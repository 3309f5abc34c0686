import { messageOf } from '../../job/errors.js';
import { redactText } from '../../lib/redact.js';
import { Repeating } from '../../lib/repeating.js';
import type { Log } from '../../log/log.js';
import type { KnownFindings } from '../book/known-findings.js';
import { isReviewed } from './reviews-file.js';

/** What a process left undone another one does after this. ms */
const LEFT_AFTER_MS = 30_000;
const AT_ONCE = 50;
const BACK_AT_ONCE = 8;
const PATIENCE_MS = 30_000;
/** While others review the same camera its file is written again; the next round does what is left. */
const TRIES = 5;

/**
 * Keeps the files of reviews up with Redis: at once after a review, and later where the store was away. Brings back from them what Redis
 * lost of the cameras that the operator named; others come back when they are inspected or asked for.
 */
export class ReviewKeeper {
  private readonly rounds: Repeating;
  private readonly running = new Map<string, Promise<void>>();

  /** @param cameras that the operator named */
  constructor(
    private readonly known: KnownFindings,
    private readonly log: Pick<Log, 'warn' | 'info'>,
    private readonly cameras: readonly string[] = [],
  ) {
    const events = {
      failed: (error: unknown) =>
        this.log.warn(
          { reason: redactText(messageOf(error)) },
          'the files of reviews are neither written nor read: reviews are in Redis only',
        ),
      recovered: () => this.log.info('the files of reviews are kept up again'),
    };
    this.rounds = new Repeating(() => this.round(), { everyMs: LEFT_AFTER_MS, events, endsWithProcess: true });
  }

  start(): void {
    this.rounds.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.rounds.stop(), ...this.running.values()]);
  }

  /** Begins to write a camera's file; what fails is done in a later round. */
  soon(cctvId: string): void {
    void this.save(cctvId).catch(() => undefined);
  }

  /** One at a time for each camera. */
  private save(cctvId: string): Promise<void> {
    const before = this.running.get(cctvId) ?? Promise.resolve();
    const own = before.catch(() => undefined).then(() => this.write(cctvId));
    const settled = own.catch(() => undefined);
    this.running.set(cctvId, settled);
    void settled.then(() => this.running.get(cctvId) === settled && this.running.delete(cctvId));
    return own;
  }

  /** Written again when it changed meanwhile, so that of two processes that write the last one has all. */
  private async write(cctvId: string): Promise<void> {
    let written: string | undefined;
    for (let tries = 0; tries < TRIES; tries++) {
      const { entries } = await this.known.book.of(cctvId);
      const reviews = [...entries.values()].filter(({ finding }) => isReviewed(finding));
      const now = reviews
        .map(({ finding }) => `${finding.id} ${finding.version}`)
        .sort()
        .join('\n');
      if (now === written) return this.known.book.saved(cctvId);
      const findings = reviews.map(({ finding }) => finding);
      await this.known.file.write(cctvId, findings, AbortSignal.timeout(PATIENCE_MS));
      written = now;
    }
  }

  private async round(): Promise<boolean> {
    const left = await this.known.book.unsaved(AT_ONCE);
    for (const { cctvId, since } of left) {
      if (since < Date.now() - LEFT_AFTER_MS) await this.save(cctvId);
    }
    return this.bringBack();
  }

  /** @returns whether there are more */
  private async bringBack(): Promise<boolean> {
    if (this.cameras.length === 0) return false;
    const there = await this.known.book.cameras();
    const lost = this.cameras.filter((cctvId) => !there.has(cctvId));
    await Promise.all(lost.slice(0, BACK_AT_ONCE).map((cctvId) => this.known.of(cctvId)));
    return lost.length > BACK_AT_ONCE;
  }
}
