import type { Secrets } from '../cameras/read-secret.js';

/** What the settings say of endpoints. */
export interface WebhookSettings {
  /** Path of the file of endpoints; undefined when there is none. */
  readonly file: string | undefined;
  /** Variables that the file may name. */
  readonly variables: Secrets;
  /** Called with `?job_id=` for every job. */
  readonly url: string | undefined;
  /** Sign calls of `url` and of jobs' own URLs. */
  readonly secrets: readonly string[];
}
