import type { Job } from './handler.js';
import type { RawPayload } from './payload.js';

/** How a kind of job is taken from a client: checked before it is queued, by what a worker would read it with. */
export interface JobIntake {
  /** Names of the fields that a client may give. */
  readonly fields: readonly string[];
  /** Names of the files that a finished job leaves in its folder. */
  readonly files: readonly string[];
  /** Adds what the client may leave out since we know it, such as the address of a camera of the cameras file. */
  complete(fields: Readonly<Record<string, string>>): Readonly<Record<string, string>>;
  /**
   * Reads a payload as a worker would.
   * @throws InvalidJobError when it cannot be read or is not allowed
   */
  parse(payload: RawPayload, entryId: string): Job;
  /** The URL that a worker would open for the job; undefined when there is none. */
  urlOf(job: Job): string | undefined;
}
