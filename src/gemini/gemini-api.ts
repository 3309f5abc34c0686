/** One key, as a call needs it. */
export interface GeminiKey {
  /** Its name in logs and metrics. */
  readonly id: string;
  /** Budgets and uploaded files belong to the project. */
  readonly project: string;
  /** The secret. */
  readonly key: string;
}

/** What a question shows besides its words. */
export type GeminiMedia =
  | { readonly kind: 'inline'; readonly mimeType: string; readonly bytes: Uint8Array }
  /** A file uploaded before, by the same project. */
  | { readonly kind: 'uploaded'; readonly mimeType: string; readonly uri: string };

/** A question whose answer is JSON of a given shape. */
export interface JsonQuestion {
  readonly model: string;
  readonly prompt: string;
  /** The shape of the answer: a schema in the subset of OpenAPI that Gemini takes as `responseSchema`. */
  readonly schema: object;
  readonly media: readonly GeminiMedia[];
}

/** An answer, not yet checked against what was asked for. */
export interface JsonAnswer {
  readonly value: unknown;
  readonly tokens: { readonly input: number; readonly output: number };
}

/** A file on Google's side. */
export interface UploadedFile {
  /** `files/…`, which {@link GeminiApi.waitActive} and {@link GeminiApi.delete} take. */
  readonly name: string;
  readonly uri: string;
  readonly mimeType: string;
}

/**
 * The Gemini API as this service uses it, one call each, with one key each. Never retries: who calls knows the budgets.
 * No message of an error holds a key.
 *
 * @throws the errors of `gemini-errors.ts`; the signal's reason when it aborts, even if it had before
 */
export abstract class GeminiApi {
  /** Asks, and waits for the whole answer. The answer is streamed: minutes may pass before its first byte. */
  abstract generateJson(key: GeminiKey, question: JsonQuestion, signal: AbortSignal): Promise<JsonAnswer>;

  /** Uploads a video as a stream: no more than a few pieces of it are in memory. */
  abstract uploadVideo(key: GeminiKey, file: string, mimeType: string, signal: AbortSignal): Promise<UploadedFile>;

  /** Waits until an uploaded file can be used. */
  abstract waitActive(key: GeminiKey, file: UploadedFile, signal: AbortSignal): Promise<void>;

  /** Deletes an uploaded file; one that is gone already is no error. */
  abstract delete(key: GeminiKey, file: UploadedFile, signal: AbortSignal): Promise<void>;
}
