import { InvalidJobError } from './errors.js';

/** The streams one queue lives in. */
export interface QueueNames {
  /** Streams that jobs come from, the most urgent first. */
  lanes: readonly string[];
  dlq: string;
  /** Where what finished jobs found goes; without it, it goes nowhere. */
  results?: string | undefined;
  group: string;
  /** How the settings are called that name these streams, for sentences. A kind of its own has to say: left out, they are those of inspections. */
  variables?: QueueVariables | undefined;
}

/** The environment variables by which a queue's streams are named. */
export interface QueueVariables {
  stream: string;
  high: string;
  dlq: string;
  results: string;
}

/** A kind of job as one value: all that the queue, the engine and the tools need to know of it. Times in ms. */
export interface KindSpec {
  /** Its name in logs, metrics and calls. */
  readonly kind: string;
  /** Whether such jobs run in this process: as a rule one of `config.roles`. */
  readonly runsHere: boolean;
  /** False: what this process knows of the settings says that there are no such jobs anywhere. */
  readonly isUsed: boolean;
  readonly queue: QueueNames;
  /** Jobs at once when the worker starts. */
  readonly concurrency: number;
  /** Retries after the first attempt. */
  readonly maxRetry: number;
  /** A job that runs for longer is aborted and retried. */
  readonly timeoutMs: number;
  /** The environment variable that sets it. */
  readonly timeoutVariable: string;
  /** The longest that any job of the kind may rightly take. */
  readonly longestRunMs: number;
  readonly needs: KindNeeds;
  /** How patiently a failed job is tried again; without it, as the settings say that hold for all kinds. */
  readonly patience?: KindPatience;
}

/** How patiently a failed job is tried again. Times in ms. */
export interface KindPatience {
  /** The longest delay between two attempts; it may be longer than the visibility timeout. */
  readonly longestDelayMs: number;
  /** A job that is older while whom it needs is down is given up. */
  readonly giveUpAfterMs: number;
}

/** What jobs of a kind need beside the plain loop. */
export interface KindNeeds {
  /** A GPU: nothing is claimed while its memory is full. */
  readonly gpu?: boolean;
  /** Cameras: the jobs of one that is down wait. */
  readonly cameras?: boolean;
  /** Receivers of messages, by `receiver` of the job: what is meant for one that is down waits. */
  readonly receivers?: boolean;
  /** Work on request stands in line for the same slots. */
  readonly sharesSlots?: boolean;
}

/** The error for a name that no kind has. */
export function unknownKind(known: readonly string[]): InvalidJobError {
  return new InvalidJobError('KIND_UNKNOWN', `kind must be one of: ${known.join(', ')}`);
}
