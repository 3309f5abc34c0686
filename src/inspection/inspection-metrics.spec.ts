import { describe, expect, it } from '@jest/globals';
import { Metrics } from '../metrics/metrics.js';
import { InspectionMetrics } from './inspection-metrics.js';

describe('whether a camera shows its road', () => {
  it('is counted while its pictures are inconclusive, and dated when one is not', async () => {
    const metrics = new Metrics();
    const inspections = new InspectionMetrics(metrics, 1);
    const before = Math.floor(Date.now() / 1_000);
    inspections.judged('a', 'inconclusive');
    expect((await metrics.clearLook.get()).values).toEqual([]);
    inspections.judged('a', 'partly_hidden');
    inspections.judged('b', 'clear');
    inspections.judged('c', 'inconclusive');
    const unclear = (await metrics.unclearLooks.get()).values.map(({ labels, value }) => [labels.camera_id, value]);
    // Cameras beyond the cap share one name.
    expect(unclear).toEqual([
      ['a', 1],
      ['other', 1],
    ]);
    const seen = (await metrics.clearLook.get()).values;
    expect(seen.map(({ labels }) => labels.camera_id)).toEqual(['a', 'other']);
    for (const { value } of seen) expect(value).toBeGreaterThanOrEqual(before);
  });
});
