import { describe, expect, it } from '@jest/globals';
import { newNameOf } from './both-names.js';
import { Metrics } from './metrics.js';

describe('metrics', () => {
  it.each([
    ['worker_jobs_total', 'roadstream_jobs_total'],
    ['capture_bytes_total', 'roadstream_capture_bytes_total'],
    ['detection_total', 'detection_total'],
    ['llm_requests_total', 'llm_requests_total'],
    ['process_cpu_seconds_total', 'process_cpu_seconds_total'],
    ['roadstream_dead_letters', 'roadstream_dead_letters'],
  ])('are called anew where the contract does not name them: %s', (name, next) => expect(newNameOf(name)).toBe(next));

  it('are told under both names, with the same values and labels', async () => {
    const metrics = new Metrics();
    metrics.jobs.inc({ kind: 'inspection', outcome: 'complete' }, 3);
    metrics.stepDuration.observe({ kind: 'inspection', step: 'capture' }, 7);
    metrics.detections.inc({ camera_id: 'worker_jobs_total', model_type: 'm' });
    const lines = (await metrics.text()).split('\n');
    for (const name of ['roadstream_jobs_total', 'worker_jobs_total'])
      expect(lines).toContain(`${name}{kind="inspection",outcome="complete"} 3`);
    for (const name of ['roadstream_step_duration_seconds', 'worker_step_duration_seconds']) {
      expect(lines).toContain(`${name}_bucket{le="10",kind="inspection",step="capture"} 1`);
      expect(lines).toContain(`${name}_sum{kind="inspection",step="capture"} 7`);
      expect(lines).toContain(`# TYPE ${name} histogram`);
    }
    expect(lines).toContain('detection_total{camera_id="worker_jobs_total",model_type="m"} 1');
    expect(lines.filter((line) => line.startsWith('# HELP worker_jobs_total'))).toEqual([
      '# HELP worker_jobs_total Old name of roadstream_jobs_total, gone with the next minor version: Deliveries that ended, by outcome',
    ]);
  });

  it('are each there once', async () => {
    const text = await new Metrics().text();
    const names = [...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^(?:roadstream|detection|llm|process|nodejs)_/.test(name ?? ''))).toEqual(
      names.flatMap((name, at) => (at > 0 && newNameOf(name ?? '') === names[at - 1] ? [name] : [])),
    );
  });
});
