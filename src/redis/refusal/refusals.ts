/** What is refused once an hour only is not on anybody's mind any more. ms */
const KEPT_MS = 150_000;
const MOST = 50;

/** Told of what Redis begins and ceases to refuse. */
export interface RefusalListener {
  refused(sentence: string): void;
  allowed(sentence: string): void;
}

/** What Redis refuses this process at the moment, although it answers. */
export class Refusals {
  private readonly known = new Map<string, { sentence: string; at: number }>();
  private listener: RefusalListener | undefined;

  get size(): number {
    return this.known.size;
  }

  /** Each once; a sentence that says what to do. */
  list(): string[] {
    const oldest = performance.now() - KEPT_MS;
    for (const [source, { at }] of this.known) if (at < oldest) this.known.delete(source);
    return [...new Set([...this.known.values()].map(({ sentence }) => sentence))];
  }

  listen(listener: RefusalListener | undefined): void {
    this.listener = listener;
  }

  /** @param source what was asked for, the same each time */
  note(source: string, sentence: string): void {
    const isNew = !this.list().includes(sentence);
    this.known.delete(source);
    this.known.set(source, { sentence, at: performance.now() });
    const [first] = this.known.keys();
    if (this.known.size > MOST && first !== undefined) this.known.delete(first);
    if (isNew) this.listener?.refused(sentence);
  }

  /** What was asked for was done. */
  allowed(source: string): void {
    const known = this.known.get(source);
    if (known === undefined) return;
    this.known.delete(source);
    if (!this.list().includes(known.sentence)) this.listener?.allowed(known.sentence);
  }
}

/** Those of this process: its connections are many, and so are the places that ask. */
export const REFUSALS = new Refusals();
