import type { Offset } from '../picture/registration/registration.js';
import type { ThreadPool } from '../threads/thread-pool.js';
import type { VisitPictures } from './visit-pictures.js';

const THREAD = new URL('../picture/registration/align.thread.js', import.meta.url);

/** What was measured last is kept, since sliders ask for the same again. Some 150 bytes each. */
const MOST_KEPT = 1_000;
/** Reading two pictures and laying one upon the other. ms */
const WITHIN_MS = 30_000;

/** How two visits lie upon each other. */
export interface Alignment {
  /** Where what the first shows lies in the second, shares of width and height; null when they do not show the same. */
  readonly offset: Offset | null;
}

/** How the visits of cameras lie upon each other, measured in threads; whoever asks for the same meanwhile joins. */
export class Alignments {
  /** By camera and visits; the one that was asked for last is the last. */
  private readonly known = new Map<string, Promise<Alignment | undefined>>();

  constructor(
    private readonly pictures: Pick<VisitPictures, 'read'>,
    private readonly threads: ThreadPool,
    private readonly most = MOST_KEPT,
  ) {}

  /** How many are kept. */
  get size(): number {
    return this.known.size;
  }

  /**
   * Undefined when one of the visits has no picture any more.
   * @throws as `VisitPictures.read`; an Error when it takes too long
   */
  between(cctvId: string, from: string, to: string): Promise<Alignment | undefined> {
    const key = `${cctvId} ${from} ${to}`;
    const found = this.known.get(key) ?? this.measure(cctvId, from, to);
    this.known.delete(key);
    this.known.set(key, found);
    this.forgetOldest();
    const forget = (): boolean => this.known.get(key) === found && this.known.delete(key);
    // What went wrong, or was not there, may be there the next time.
    found.then((alignment) => alignment === undefined && forget(), forget);
    return found;
  }

  private async measure(cctvId: string, from: string, to: string): Promise<Alignment | undefined> {
    if (from === to) return { offset: { x: 0, y: 0 } };
    const signal = AbortSignal.timeout(WITHIN_MS);
    const pictures = await Promise.all([from, to].map((visit) => this.pictures.read(cctvId, visit, signal)));
    const [first, second] = pictures.map((picture) => picture?.bytes);
    if (first === undefined || second === undefined) return undefined;
    const offset = await this.threads.call<Offset | null>(THREAD, { from: first, to: second }, { signal });
    return { offset };
  }

  private forgetOldest(): void {
    if (this.known.size > this.most) this.known.delete(this.known.keys().next().value!);
  }
}
