import type { JsonAnswer } from './gemini-api.js';
import type { KeyState } from './key-states.js';

/** How a question to Gemini ended. */
export type CallStatus =
  'ok' | 'rate_limited' | 'day_quota' | 'bad_key' | 'refused' | 'failed' /** by our own signal */ | 'aborted';

/** One question that was sent, with one key. */
export interface GeminiCall {
  readonly model: string;
  readonly keyId: string;
  readonly status: CallStatus;
  readonly durationMs: number;
  /** When it was answered. */
  readonly tokens?: JsonAnswer['tokens'];
}

/** What happens between this service and Gemini, for logs and metrics. Nothing here throws or waits. */
export interface GeminiEvents {
  called(call: GeminiCall): void;
  /** Google wants to hear nothing from a project for a while. */
  projectParked(project: string, model: string, code: string, forMs: number, said: string): void;
  /**
   * How the keys stand now, as far as this worker knows.
   * @param isSpent no project has budget now; it comes back by itself
   */
  keysSeen(keys: readonly KeyState[], isSpent: boolean): void;
  /** An uploaded file stays with Google, which deletes it after two days. */
  notDeleted(file: string, error: unknown): void;
  /** The budgets could not be told how a request ended: it counts for longer than it has to. */
  notNoted(error: unknown): void;
}
