import type { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';

/** Streams and group of one kind of job. */
export interface Names {
  stream: string;
  dlq: string;
  results: string;
  group: string;
}

/** The service's own, unless set otherwise. */
export const INSPECTIONS: Names = {
  stream: 'stream:preprocess',
  dlq: 'stream:preprocess:dlq',
  results: 'stream:preprocess:results',
  group: 'workers',
};
export const ASSESSMENTS: Names = {
  stream: 'stream:assess',
  dlq: 'stream:assess:dlq',
  results: 'stream:assess:results',
  group: 'assessors',
};

/** Waits until every entry has ended, and gives how: `done`, or the code of the dead letter, by the entry's id. */
export async function endingsOf(redis: Redis, names: Names, ids: readonly string[], withinMs: number) {
  const look = async (): Promise<Map<string, string>> => {
    const letters = await redis.xrange(names.dlq, '-', '+');
    const results = await redis.xrange(names.results, '-', '+');
    return new Map([
      ...results.map(([, fields]) => [valueOf(fields, 'roadstream:entry').split(' ')[1] ?? '', 'done'] as const),
      ...letters.map(
        ([, fields]) => [valueOf(fields, 'roadstream:source'), valueOf(fields, 'roadstream:code')] as const,
      ),
    ]);
  };
  await eventually(
    'every job has ended',
    async () => {
      const ended = await look();
      return ids.every((id) => ended.has(id));
    },
    withinMs,
  ).catch(() => undefined);
  const ended = await look();
  return new Map(ids.map((id) => [id, ended.get(id) ?? 'NOT ENDED']));
}

/** The last one: payloads may hold fields of our names. */
function valueOf(flat: readonly string[], name: string): string {
  return String(flat[flat.findLastIndex((field, i) => i % 2 === 0 && field === name) + 1]);
}
