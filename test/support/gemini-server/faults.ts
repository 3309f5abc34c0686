import type { OddAnswer } from './odd-answers.js';

/** Where a fault strikes: a question; the start of an upload, its bytes; looking at a file; deleting it. */
export type Place = 'generate' | 'upload' | 'bytes' | 'file' | 'delete';

/**
 * How the server can misbehave:
 *
 * - `rate-limited`: 429, with `RetryInfo` if `retryDelaySeconds` is given; `day-quota`: 429 that names a quota per day
 * - `unavailable`: 503; `internal`: 500; `bad-key`: 400 `API_KEY_INVALID`; `suspended`: 403 whose message holds the key
 * - `no-quota`: 429 that gives nothing on any day; `place`, `expired`, `leaked`: refusals with Google's words
 * - `bad-request`: 400; `no-model`: 404
 * - `reset`: the connection breaks before the answer; `silent`: no answer at all
 * - `stalled`: half an answer and then nothing; `cut`: half an answer and then the connection breaks
 * - `ends-early`: half an answer that ends as if it were whole
 * - `safety`, `prohibited`, `max-tokens`, `recitation`: the `finishReason` of the answer, with as much text as Google would send
 * - `blocked`: `promptFeedback` says that the question itself is refused
 * - `invalid-json`: text that is no JSON; `wild-numbers`: every number of the answer far out of its range
 * - `file-failed`: an uploaded file becomes FAILED; `slow-processing`: it stays PROCESSING for `polls` looks
 */
export type FaultKind =
  | OddAnswer
  | 'no-quota'
  | 'listed-429'
  | 'place'
  | 'expired'
  | 'leaked'
  | 'rate-limited'
  | 'day-quota'
  | 'unavailable'
  | 'internal'
  | 'bad-key'
  | 'suspended'
  | 'bad-request'
  | 'no-model'
  | 'reset'
  | 'silent'
  | 'stalled'
  | 'cut'
  | 'ends-early'
  | 'safety'
  | 'prohibited'
  | 'max-tokens'
  | 'recitation'
  | 'blocked'
  | 'invalid-json'
  | 'wild-numbers'
  | 'file-failed'
  | 'slow-processing';

export interface FaultOptions {
  /** For how many calls; 1 by default. */
  readonly times?: number;
  /** `generate` by default; for the two faults of files `upload`. */
  readonly at?: Place;
  /** Only calls of this project. */
  readonly project?: string;
  /** Only calls with this key. */
  readonly key?: string;
  /** Of `rate-limited`; undefined: no `RetryInfo`. */
  readonly retryDelaySeconds?: number;
  /** Of `slow-processing`; for ever by default. */
  readonly polls?: number;
}

export interface Fault extends FaultOptions {
  readonly kind: FaultKind;
}

const OF_FILES: readonly FaultKind[] = ['file-failed', 'slow-processing'];

/** The faults that are still to come, in order. */
export class Faults {
  private waiting: { fault: Fault; left: number }[] = [];

  add(kind: FaultKind, options: FaultOptions): void {
    this.waiting.push({ fault: { kind, ...options }, left: options.times ?? 1 });
  }

  clear(): void {
    this.waiting = [];
  }

  /** The next fault for this call, which uses it up once. */
  take(place: Place, caller: { project: string; key: string }): Fault | undefined {
    const found = this.waiting.find(({ fault }) => strikes(fault, place, caller));
    if (found === undefined) return undefined;
    found.left -= 1;
    this.waiting = this.waiting.filter(({ left }) => left > 0);
    return found.fault;
  }
}

function strikes({ kind, at, project, key }: Fault, place: Place, caller: { project: string; key: string }): boolean {
  return (
    (at ?? (OF_FILES.includes(kind) ? 'upload' : 'generate')) === place &&
    (project ?? caller.project) === caller.project &&
    (key ?? caller.key) === caller.key
  );
}
