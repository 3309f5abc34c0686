/** A job that was set aside, as people and tools see it. */
export interface DeadLetter {
  /** Its id in the dead-letter stream. */
  id: string;
  code: string;
  message: string;
  step: string;
  attempts: number;
  /** When the job first came in and when it was discarded; ISO 8601. */
  firstAt: string;
  lastAt: string;
  worker: string;
  /** The stream it came from and goes back to. */
  stream: string;
  /** Id of its first entry. */
  source: string;
  /** The payload as it came: name and value, text where it is UTF-8, else hexadecimal behind `hex:`. May hold secrets. */
  payload: Record<string, string>;
}

/** Which dead letters to act on. */
export interface DeadLetterFilter {
  /** Only this one. */
  id?: string;
  /** Only those with this reason code. */
  code?: string;
}

/** Jobs that were set aside, and the ways back. */
export abstract class DeadLetters {
  /** Newest first, at most `limit`, older than `before` (an id) if given. */
  abstract list(limit: number, before?: string): Promise<DeadLetter[]>;

  abstract get(id: string): Promise<DeadLetter | undefined>;

  /** Puts jobs back into the stream they came from, each once and in one atomic step. Gives their number. */
  abstract redrive(filter: DeadLetterFilter): Promise<number>;

  /** Deletes jobs for good. Gives their number. */
  abstract purge(filter: DeadLetterFilter): Promise<number>;
}
