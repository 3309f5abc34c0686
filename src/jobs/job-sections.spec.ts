import { describe, expect, it } from '@jest/globals';
import type { KindSpec } from '../job/kind.js';
import type { QueuedJob, QueueView } from '../queue/queue-view.js';
import type { ResultsView } from '../queue/status/results-view.js';
import { JobList } from './job-list.js';
import { sectionsOf } from './job-sections.js';

const SPEC = { kind: 'test', queue: { lanes: ['high', 'low'] } } as unknown as KindSpec;

/** Running jobs as two workers hold them, one after the other. */
const RUNNING = ['1-0', '9-0', '10-0', '2-0', '11-1'].map((id): QueuedJob => ({
  sourceId: id,
  entryId: id,
  lane: 'low',
  payload: [],
  deliveries: 1,
  consumer: 'w',
}));

describe('the jobs that run', () => {
  it('are all listed once, page by page, in the order in which they came, whoever runs them', async () => {
    const view = { running: async () => RUNNING } as unknown as QueueView;
    const list = new JobList(sectionsOf(SPEC, view, {} as ResultsView));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const { items, next } = await list.list({ state: 'running', limit: 2, cursor });
      seen.push(...items.map(({ id }) => id));
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['1-0', '2-0', '9-0', '10-0', '11-1']);
  });
});
