import { Readable } from 'node:stream';
import type { Artifact } from './artifact-store.js';

/** A source that remembers what it threw. */
export interface WatchedSource {
  open: Artifact['source'];
  /** What opening or reading threw; undefined so far. */
  error: () => unknown;
}

/** Remembers what a source threw: its errors are not the store's, however alike they look. */
export function watchSource(source: Artifact['source']): WatchedSource {
  let failure: unknown;
  const note = (error: unknown): void => {
    failure = error;
  };
  const open = (): Readable | Buffer => {
    try {
      const content = source();
      return content instanceof Readable ? content.once('error', note) : content;
    } catch (error) {
      note(error);
      throw error;
    }
  };
  return { open, error: () => failure };
}
