import { describe, expect, it } from '@jest/globals';
import { hookEventOf, MOST_MESSAGE_BYTES } from './hook-event.js';

const RESULT = {
  jobId: 'j',
  cctvId: 'c',
  outcome: 'completed',
  detections: '2',
  finishedAt: '2026-01-01T00:00:00.000Z',
};

function told(result: Record<string, string>) {
  const event = hookEventOf('inspection', '1700000000000-0', result);
  return { event, message: JSON.parse(event?.message ?? 'null') };
}

describe('what receivers are told', () => {
  it('is the end of the job, numbers as numbers, without what is for us', () => {
    const { event, message } = told({ ...RESULT, 'roadstream:webhook': 'https://x/?key=hush', tracked: '1' });
    expect(event).toMatchObject({ messageId: 'inspection-1700000000000-0', url: 'https://x/?key=hush' });
    expect(message).toEqual({
      type: 'job.completed',
      timestamp: RESULT.finishedAt,
      data: {
        ...{ jobId: 'j', kind: 'inspection', cctvId: 'c', state: 'completed', failure: null },
        result: { detections: 2, finishedAt: RESULT.finishedAt },
        links: { self: '/api/v1/jobs/j' },
      },
    });
  });

  it('is at most 20 KB: the longest fields are left out, which is said', () => {
    const { event, message } = told({ ...RESULT, long: 'ä'.repeat(50_000), longer: 'x'.repeat(200_000) });
    expect(Buffer.byteLength(event!.message)).toBeLessThanOrEqual(MOST_MESSAGE_BYTES);
    expect(message.data.result).toEqual({ detections: 2, finishedAt: RESULT.finishedAt, isShortened: true });
  });

  it('has a time, though the entry was given an id by hand that is none', () => {
    const { message } = (({ jobId, cctvId }) => {
      const event = hookEventOf('inspection', '18446744073709551615-0', { jobId, cctvId });
      return { message: JSON.parse(event!.message) as { timestamp: string } };
    })(RESULT);
    expect(Date.parse(message.timestamp)).toBeGreaterThan(0);
  });

  it('is nothing of an end that nobody knows', () => {
    expect(told({ ...RESULT, outcome: 'paused' }).event).toBeUndefined();
  });
});
