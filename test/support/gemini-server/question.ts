import type { StoredFile } from './stored-files.js';
import type { Schema } from './schema.js';

/** Media within a question, as the server understood it. */
export type AskedMedia =
  | { readonly kind: 'inline'; readonly mimeType: string; readonly bytes: Buffer }
  | { readonly kind: 'uploaded'; readonly mimeType: string; readonly file: StoredFile };

/** A question that the server took. */
export interface Asked {
  /** ms since the epoch */
  readonly at: number;
  readonly key: string;
  readonly project: string;
  readonly model: string;
  readonly streamed: boolean;
  readonly prompt: string;
  readonly schema: Schema;
  readonly media: readonly AskedMedia[];
  /** The body's `generationConfig`, whole. */
  readonly config: Readonly<Record<string, unknown>>;
}

/** What to answer: a value that becomes JSON. It may wait, and it may throw a `GoogleError`. */
export type Answer = (question: Asked) => unknown;
