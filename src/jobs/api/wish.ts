import { InvalidJobError } from '../../job/errors.js';
import type { JobWish } from '../ask-for-job.js';

/** What the address and the caller say of a wish. */
export interface WishContext {
  /** The job's name; the body's, or one of ours, if left out. */
  readonly jobId: () => string;
  /** The kind that is meant when none is named. */
  readonly kind: string;
  /** The client whose job it will be; empty: nobody's own. */
  readonly by: string;
}

const PRIORITIES = ['normal', 'urgent'] as const;

/**
 * Reads what a client asks for: `kind`, `id` and `priority`; all else are fields of the job.
 * @throws InvalidJobError BAD_REQUEST, BAD_FIELD
 */
export function readWish(body: unknown, { jobId, kind, by }: WishContext): JobWish {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw noObject();
  const { kind: named = kind, id, priority = 'normal', ...fields } = body as Record<string, unknown>;
  if (typeof named !== 'string') throw badField('kind', 'must be the name of a kind of job');
  if (id !== undefined && typeof id !== 'string') throw badField('id', 'must be text');
  const found = PRIORITIES.find((each) => each === priority);
  if (found === undefined) throw badField('priority', `must be one of: ${PRIORITIES.join(', ')}`);
  return { jobId: id ?? jobId(), kind: named, priority: found, fields, by };
}

function noObject(): InvalidJobError {
  return new InvalidJobError(
    'BAD_REQUEST',
    'The body must be a JSON object, such as {"cctvId":"cctv_001","hls":"https://example.com/stream.m3u8","sec":20}.',
  );
}

function badField(field: string, rule: string): InvalidJobError {
  return new InvalidJobError('BAD_FIELD', `The field "${field}" ${rule}.`);
}
