import { createHash } from 'node:crypto';
import { InvalidJobError, PermanentStepError } from '../job/errors.js';
import type { Job } from '../job/handler.js';
import type { JobIntake } from '../job/intake.js';
import { traceparentField } from '../job/payload/traceparent.js';
import { within } from '../lib/deadline.js';
import { isName, NAME_RULE } from '../lib/names.js';
import { nearestName } from '../lib/text/nearest-name.js';
import { OutboundRefusedError, hostOf, portOf, type OutboundPolicy } from '../outbound/outbound-policy.js';
import type { AskedJob } from '../queue/status/job-book.js';

/** A client does not wait longer for a name server. ms */
const LOOK_UP_WITHIN_MS = 2_000;
/** Letters by which a field's name may be off and still be recognised. */
const MOST_SLIPS = 2;

/** What a client may say of a job beside the fields of its kind. */
export interface JobWish {
  readonly jobId: string;
  readonly kind: string;
  readonly priority: 'normal' | 'urgent';
  /** As JSON held them. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The client whose job it will be: no other one is told of it. Empty: somebody that may see the jobs of all asks. */
  readonly by: string;
  /** The trace in which the client asks, unchecked. */
  readonly traceparent?: string | undefined;
}

/**
 * Makes of a client's wish the job that is queued, checked by what a worker would read it with.
 * @param now ms since the epoch
 * @throws InvalidJobError BAD_FIELD, UNKNOWN_FIELD, and those of the kind; PermanentStepError URL_NOT_ALLOWED
 */
export async function askedJob(
  { jobId, kind, priority, fields, by, traceparent }: JobWish,
  intake: JobIntake,
  policy: OutboundPolicy,
  now: number,
): Promise<AskedJob> {
  if (!isName(jobId)) throw new InvalidJobError('BAD_FIELD', `The field "id" ${NAME_RULE}.`, { step: 'parse' });
  const given = textsOf(fields, intake);
  const own = { jobId, track: '1', enqueuedAt: String(now), ...traceparentField(traceparent) };
  const payload = { ...intake.complete(given), ...own };
  const flat = Object.entries(payload).flat();
  const job = intake.parse(
    flat.map((text) => Buffer.from(text)),
    `${now}-0`,
  );
  await checkUrl(intake.urlOf(job), policy, 'The worker would not open this URL', 'a camera');
  await checkUrl(job.webhook, policy, 'The field "webhook" names a URL that would not be called', 'a receiver');
  const lane = priority === 'urgent' ? 'urgent' : 'plain';
  return {
    jobId,
    lane,
    fields: payload,
    digest: digestOf([kind, lane, given], by),
    note: queuedNote({ ...job, jobId }, kind, by, now),
  };
}

/** JSON as a producer of streams would write it: text. What is null was not given. */
function textsOf(fields: Readonly<Record<string, unknown>>, intake: JobIntake): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === null) continue;
    if (!intake.fields.includes(name)) throw unknownField(name, intake.fields);
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') throw notPlain(name);
    texts[name] = String(value);
  }
  return texts;
}

/** What a worker would refuse to open is refused here. A name that cannot be looked up now may be there later. */
async function checkUrl(text: string | undefined, policy: OutboundPolicy, what: string, whose: string): Promise<void> {
  if (text === undefined) return;
  const error = await within(LOOK_UP_WITHIN_MS, refusalOf(text, policy));
  if (!(error instanceof OutboundRefusedError) || error.reason === 'has no address') return;
  const sentence = `${what}: ${error.message}. If it is ${whose} of yours, allow it by OUTBOUND_ALLOW.`;
  throw new PermanentStepError('URL_NOT_ALLOWED', sentence, { cause: error });
}

async function refusalOf(text: string, policy: OutboundPolicy): Promise<unknown> {
  try {
    const url = policy.checkUrl(text);
    await policy.resolve(hostOf(url), portOf(url));
    return undefined;
  } catch (error) {
    return error;
  }
}

function queuedNote({ jobId, cctvId, webhook }: Job, kind: string, by: string, now: number): AskedJob['note'] {
  const told = { state: 'queued', progress: '0', step: '', message: '', attempt: '0', waiting: '', failure: '' };
  return {
    jobId,
    cctvId,
    type: 'job.queued',
    fields: { ...told, kind, cctvId, by, queuedAt: String(now), ...(webhook === undefined ? {} : { webhook }) },
    data: { jobId, kind, cctvId, state: 'queued', progress: 0, attempt: 0 },
  };
}

/** The same for the same wish of the same client, in whichever order its fields come. */
function digestOf(
  [kind, lane, given]: [kind: string, lane: string, given: Readonly<Record<string, string>>],
  by: string,
): string {
  const sorted = Object.entries(given).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([kind, lane, sorted, by]))
    .digest('hex');
}

function unknownField(name: string, known: readonly string[]): InvalidJobError {
  const near = nearestName(name, known, MOST_SLIPS);
  const hint = near === undefined ? `it may have: ${known.join(', ')}` : `did you mean "${near}"?`;
  return new InvalidJobError(
    'UNKNOWN_FIELD',
    `A job of this kind has no field ${JSON.stringify(name.slice(0, 60))}; ${hint}`,
  );
}

function notPlain(name: string): InvalidJobError {
  return new InvalidJobError('BAD_FIELD', `The field "${name}" must be text, a number, or true or false.`);
}
