import { InvalidJobError } from '../../src/job/errors.js';
import type { Job } from '../../src/job/handler.js';
import type { RawPayload } from '../../src/job/payload.js';
import { toFields } from '../../src/redis/fields.js';
import { BOUNDARIES, type Boundary, type CrashOrder } from './crash.js';

/** A job of the chaos suite: its payload says how long it takes and what goes wrong. */
export interface ChaosJob extends Job, CrashOrder {
  entry: string;
  /** How long it works, ms. */
  lengthMs: number;
  /** For how long of that it blocks the event loop, ms. */
  blockMs: number;
  /** `once`: its first attempt fails for now. `for good`: trying again cannot help. */
  fails: 'never' | 'once' | 'for good';
}

/** How to write a job, see {@link ChaosJob}. */
export interface ChaosOrder {
  jobId: string;
  lengthMs: number;
  blockMs?: number;
  fails?: ChaosJob['fails'];
  /** `1`: its status is asked for. */
  track?: '1';
  dieAt?: readonly Boundary[];
  diesAlways?: boolean;
}

/** The fields of a stream entry for a job. */
export function fieldsOf(order: ChaosOrder): string[] {
  return Object.entries(order).flatMap(([name, value]) => [name, String(value)]);
}

/**
 * Reads a payload.
 * @throws InvalidJobError when it names no job
 */
export function parseChaosJob(payload: RawPayload, entry: string): ChaosJob {
  const fields: Partial<Record<keyof ChaosOrder, string>> = toFields(payload);
  const { jobId } = fields;
  if (jobId === undefined) throw new InvalidJobError('MISSING_FIELD', 'The job has no jobId.');
  return {
    ...{ jobId, entry, cctvId: 'chaos', enqueuedAt: Number.parseInt(entry, 10), priorAttempts: 0 },
    isTracked: fields.track === '1',
    lengthMs: Number(fields.lengthMs ?? 0),
    blockMs: Number(fields.blockMs ?? 0),
    fails: (fields.fails ?? 'never') as ChaosJob['fails'],
    dieAt: (fields.dieAt ?? '').split(',').flatMap((name) => BOUNDARIES.filter((boundary) => boundary === name)),
    always: fields.diesAlways === 'true',
  };
}
