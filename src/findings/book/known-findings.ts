import type { ReviewsFile } from '../review/reviews-file.js';
import type { CameraBook, Change, FindingBook } from './finding-book.js';

/** Several workers and people change one camera's findings at the same moment seldom, and never so often. */
const TRIES = 8;

/** Waits for the artifact store no longer. ms */
const PATIENCE_MS = 10_000;

/** The findings of cameras: Redis' book, and what is read back from the artifact store where Redis has lost it. */
export class KnownFindings {
  constructor(
    readonly book: FindingBook,
    readonly file: ReviewsFile,
  ) {}

  /** All that is known of a camera. @throws an Error when Redis, or the store that is needed in its place, does not answer */
  async of(cctvId: string): Promise<CameraBook> {
    const book = await this.book.of(cctvId);
    return book.isKnown ? book : this.restored(cctvId);
  }

  /**
   * Changes a camera's findings: what `change` says is done as a whole; when somebody else was quicker it is asked again.
   * @returns what was done
   * @throws what `change` throws; as {@link of}
   */
  async change<C extends Change>(cctvId: string, change: (book: CameraBook) => C): Promise<C> {
    for (let tries = 0; tries < TRIES; tries++) {
      const wanted = change(await this.of(cctvId));
      if (await this.book.put(cctvId, wanted)) return wanted;
    }
    throw new Error(`The findings of ${cctvId} change too fast.`);
  }

  private async restored(cctvId: string): Promise<CameraBook> {
    const findings = await this.file.read(cctvId, AbortSignal.timeout(PATIENCE_MS));
    // When somebody else was quicker, what he wrote counts.
    await this.book.put(cctvId, { puts: findings.map((finding) => ({ finding, before: undefined })) });
    return this.book.of(cctvId);
  }
}
