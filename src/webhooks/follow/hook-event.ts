import type { JobResult } from '../../job/handler.js';
import { isoTime } from '../../job/iso-time.js';
import { typedResult } from '../../job/typed-result.js';
import { WEBHOOK_FIELD } from '../../job/webhook.js';
import { HOOK_TYPES, type HookType } from '../endpoints/endpoint.js';

/** A message is no longer than this; what does not fit is asked for. bytes */
export const MOST_MESSAGE_BYTES = 20 * 1024;
/** Of a sentence. */
const LONGEST_SENTENCE = 500;

/** The end of a job, as receivers are told of it. */
export interface HookEvent {
  /** The same in all tries and for all receivers: `webhook-id`. */
  readonly messageId: string;
  readonly type: HookType;
  readonly cctvId: string;
  readonly jobId: string;
  /** The URL that the job named itself. */
  readonly url: string | undefined;
  /** JSON: `{type, timestamp, data}`. */
  readonly message: string;
}

/** What receivers are told of a result; undefined for an end that a later version tells. @param id of its entry */
export function hookEventOf(kind: string, id: string, result: JobResult): HookEvent | undefined {
  const { outcome = 'completed', jobId = '', cctvId = '' } = result;
  const type = HOOK_TYPES.find((known) => known === `job.${outcome}`);
  if (type === undefined) return undefined;
  const timestamp = timeOf(result['finishedAt'], id);
  const message = shortened({ type, timestamp, data: dataOf(kind, type, result) });
  return { messageId: `${kind}-${id}`, type, cctvId, jobId, url: result[WEBHOOK_FIELD], message };
}

interface Message {
  readonly type: HookType;
  readonly timestamp: string;
  readonly data: Readonly<Record<string, unknown>> & { readonly result: Record<string, unknown> | null };
}

function dataOf(kind: string, type: HookType, result: JobResult): Message['data'] {
  const { jobId = '', cctvId = '', code, message = '', step = '', outcome: _, ...found } = result;
  const failure = code === undefined ? null : { code, message: message.slice(0, LONGEST_SENTENCE), step };
  const state = type.slice('job.'.length);
  const self = `/api/v1/jobs/${encodeURIComponent(jobId)}`;
  const told = type === 'job.completed' ? typedResult(found) : null;
  return {
    jobId,
    kind,
    cctvId,
    state,
    failure: type === 'job.completed' ? null : failure,
    result: told,
    links: { self },
  };
}

/** The longest fields go first. */
function shortened({ data, ...head }: Message): string {
  const result = data.result === null ? null : { ...data.result };
  const text = (): string => JSON.stringify({ ...head, data: { ...data, result } });
  while (result !== null && Buffer.byteLength(text()) > MOST_MESSAGE_BYTES) {
    const [longest] = Object.entries(result).sort(([, a], [, b]) => String(b).length - String(a).length);
    if (longest === undefined || longest[0] === 'isShortened') break;
    const { [longest[0]]: _, ...rest } = result;
    for (const name of Object.keys(result)) if (!(name in rest)) Reflect.deleteProperty(result, name);
    result['isShortened'] = true;
  }
  return text();
}

/** When the job ended; else when that was told. */
function timeOf(finishedAt: string | undefined, id: string): string {
  return finishedAt ?? isoTime(Number.parseInt(id, 10)) ?? new Date().toISOString();
}
