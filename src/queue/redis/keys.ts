/** The streams one queue lives in. */
export interface QueueNames {
  /** Streams that jobs come from, the most urgent first. */
  lanes: readonly string[];
  dlq: string;
  /** Where what finished jobs found goes; without it, it goes nowhere. */
  results?: string | undefined;
  group: string;
  /** How the settings are called that name these streams, for sentences; those of preprocess jobs if left out. */
  variables?: QueueVariables | undefined;
}

/** The environment variables by which a queue's streams are named. */
export interface QueueVariables {
  stream: string;
  high: string;
  dlq: string;
  results: string;
}

/**
 * The consumer that owns entries nobody works on: they wait for a retry or for any worker. So a worker's own pending
 * list holds exactly the jobs it runs, and `XINFO CONSUMERS` shows how many wait.
 */
export const WAITING_CONSUMER = 'waiting';

/** Prefix of the fields that we add when an entry has to be written again; producers never see or set them. */
export const ENVELOPE = 'roadstream:';

/** A key that belongs to a stream and lies in its Cluster slot. */
export function derivedKey(stream: string, name: string): string {
  return `${hashTagged(stream)}:${name}`;
}

function hashTagged(stream: string): string {
  return /\{[^}]+\}/.test(stream) ? stream : `{${stream}}`;
}
