import { describe, expect, it } from '@jest/globals';
import { TransientStepError } from '../../job/errors.js';
import { SegmentJudgements } from './segment-judgements.js';

const SIGNAL = AbortSignal.timeout(60_000);

describe('what assessments say of recordings', () => {
  it('is read once for the last ones, in the order that is asked for', async () => {
    const read: string[] = [];
    const judgements = new SegmentJudgements(
      {
        read: async (name) => {
          read.push(name);
          return Buffer.from(JSON.stringify({ job: { jobId: name }, safetyScore: 1, summary: 's', incidents: [] }));
        },
      },
      2,
    );
    const found = await judgements.read(['b/', undefined, 'a/'], SIGNAL);
    expect(found.map((each) => each?.jobId)).toEqual(['b/assessment.json', undefined, 'a/assessment.json']);
    await judgements.read(['a/', 'b/'], SIGNAL);
    expect(read).toEqual(['b/assessment.json', 'a/assessment.json']);
    await judgements.read(['c/'], SIGNAL);
    await judgements.read(['b/', 'a/'], SIGNAL);
    expect(read.slice(2)).toEqual(['c/assessment.json', 'a/assessment.json']);
  });

  it('is nothing where it is gone or no assessment, and is as it should be where parts of it are odd', async () => {
    const contents: Record<string, string> = {
      'odd/assessment.json':
        '{"job":{"jobId":7},"safetyScore":"high","incidents":[{"start":-1,"end":1e999,"kind":null}]}',
      'broken/assessment.json': '{"job":',
      'none/assessment.json': '{}',
    };
    const judgements = new SegmentJudgements({
      read: async (name) => {
        const content = contents[name];
        if (content === undefined) throw new TransientStepError('STORAGE_NOT_FOUND', 'There is none.');
        return Buffer.from(content);
      },
    });
    const found = await judgements.read(['odd/', 'broken/', 'none/', 'gone/'], SIGNAL);
    const incident = { start: -1, end: 0, kind: '', severity: '', description: '', confidence: 0 };
    expect(found).toEqual([
      { jobId: '', safetyScore: 0, summary: '', incidents: [incident] },
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is not made up when the store is away', async () => {
    const away = new TransientStepError('STORAGE_AWAY', 'It is away.');
    const judgements = new SegmentJudgements({ read: () => Promise.reject(away) });
    await expect(judgements.read(['a/'], SIGNAL)).rejects.toBe(away);
  });
});
