import type { QueueNames } from '../../job/kind.js';
import type { Connection } from '../../redis/connection.js';
import { deadCodesKey, paceKey } from '../lane-keys.js';
import { ENVELOPE } from '../names.js';
import { NOT_BEFORE_FIELD, SOURCE_FIELD } from '../replies.js';
import { defineScripts, runScript } from '../scripts.js';
import { noteArguments, noteKeys } from '../status/job-note.js';
import { toDeadLetter, type DeadLetter } from './dead-letter.js';
import { CountDiffersError, isMeant, type DeadLetterFilter } from './letter-filter.js';
import { requeuedNote } from './requeued-note.js';

/** Some of the dead letters that are meant. */
export interface LetterPage {
  /** Newest first. */
  letters: DeadLetter[];
  /** The letter behind which the list goes on; undefined when there are no more. */
  next: string | undefined;
  /** Letters that were looked at. */
  scanned: number;
  /** False: it stopped since it had looked at enough, not since there are no more. */
  complete: boolean;
}

/** What became of dead letters that were to be put back slowly. */
export interface SlowRedrive {
  redriven: number;
  /** When the last one may run, ms since the epoch; undefined when none waits. */
  lastAt: number | undefined;
  /** False: the rest would have come later than in a week and is a dead letter still. */
  complete: boolean;
}

/** As long as the status of a job that waits is kept. ms */
const LATEST_MS = 7 * 86_400_000;
/** As many a minute at most: beyond that it is no slower than at once. */
export const MOST_PER_MINUTE = 600;
const MINUTE_MS = 60_000;

/** How the script says that a letter was put back, and that there was no place for it. */
const DONE = 1;
const NO_PLACE = -1;

/** Read at a time when going through all of them. */
const PAGE = 100;
/** Letters that one list looks at, at most. */
const MOST_SCANNED = 5_000;

/**
 * Jobs that were set aside, and the ways back.
 *
 * The dead-letter stream. Whoever goes through it does so page by page, so that Redis is never held up.
 */
export class DeadLetters {
  private readonly codes: string;

  constructor(
    private readonly connection: Connection,
    private readonly names: QueueNames,
  ) {
    this.codes = deadCodesKey(names);
    defineScripts(connection);
  }

  /** Newest first, at most `limit`, older than `before` (an id) if given. */
  async list(limit: number, before?: string): Promise<DeadLetter[]> {
    const newest = before === undefined ? '+' : `(${before}`;
    const entries = await this.connection.xrevrangeBuffer(this.names.dlq, newest, '-', 'COUNT', limit);
    return entries.map((entry) => toDeadLetter(entry));
  }

  /** Those that are meant, newest first, older than `before` if given; looks at 5,000 of all at most. */
  async find(filter: DeadLetterFilter, limit: number, before?: string): Promise<LetterPage> {
    const letters: DeadLetter[] = [];
    let [last, scanned] = [before, 0];
    for (;;) {
      const page = await this.list(PAGE, last);
      for (const letter of page) {
        const isOne = isMeant(letter, filter);
        // One more than is asked for shows that there are more.
        if (isOne && letters.length === limit) return { letters, next: last, scanned, complete: true };
        if (isOne) letters.push(letter);
        last = letter.id;
        scanned += 1;
      }
      if (page.length < PAGE) return { letters, next: undefined, scanned, complete: true };
      if (scanned >= MOST_SCANNED) return { letters, next: last, scanned, complete: letters.length === limit };
    }
  }

  async get(id: string): Promise<DeadLetter | undefined> {
    const [entry] = await this.connection.xrangeBuffer(this.names.dlq, id, id);
    return entry === undefined ? undefined : toDeadLetter(entry);
  }

  /** How many there are. @param until the last one that counts; the newest if left out */
  async count(filter: DeadLetterFilter, until?: string): Promise<number> {
    let count = 0;
    await this.forEachPage(filter, until ?? (await this.newest()), (letters) => (count += letters.length));
    return count;
  }

  /** Puts jobs back into the stream they came from, each once and in one atomic step. Gives their number. */
  async redrive(filter: DeadLetterFilter): Promise<number> {
    let count = 0;
    await this.forEachPage(filter, await this.newest(), async (letters) => {
      for (const letter of letters) if ((await this.redriveOne(letter)) === DONE) count += 1;
    });
    return count;
  }

  /**
   * The same, but they come due one after the other, behind those of an earlier call. Each has its time in its own entry, so that
   * nothing has to stay alive; a call that is cut off has put back some, and the next one goes on with the rest.
   * @param perMinute 1 to {@link MOST_PER_MINUTE}
   */
  async redriveSlowly(filter: DeadLetterFilter, perMinute: number): Promise<SlowRedrive> {
    const gapMs = MINUTE_MS / perMinute;
    let [redriven, complete] = [0, true];
    await this.forEachPage(filter, await this.newest(), async (letters) => {
      for (const letter of letters) {
        const reply = complete ? await this.redriveOne(letter, gapMs) : NO_PLACE;
        if (reply === DONE) redriven += 1;
        if (reply === NO_PLACE) complete = false;
      }
    });
    const lastAt = await this.connection.get(paceKey(this.names));
    return { redriven, lastAt: lastAt === null ? undefined : Number(lastAt), complete };
  }

  /**
   * Deletes jobs for good. Gives their number.
   * @param expect how many there should be; with another number nothing is deleted
   * @throws CountDiffersError COUNT_DIFFERS
   */
  async purge(filter: DeadLetterFilter, expect?: number): Promise<number> {
    const newest = await this.newest();
    const found = expect === undefined ? undefined : await this.count(filter, newest);
    if (found !== undefined && found !== expect) throw new CountDiffersError(found, expect as number);
    let count = 0;
    await this.forEachPage(filter, newest, async (letters) => {
      const ids = letters.map(({ id }) => id);
      count += (await runScript(this.connection, 'purge', [this.names.dlq, this.codes], ids)) as number;
    });
    return count;
  }

  /** @param gapMs behind the one before; 0: at once */
  private async redriveOne({ id, stream, payload }: DeadLetter, gapMs = 0): Promise<unknown> {
    // Nothing readable is left of a payload that was too large: it would only come back.
    if (Object.keys(payload).length === 0) return undefined;
    const main = this.names.lanes.at(-1) as string;
    const lane = this.names.lanes.includes(stream) ? stream : main;
    const keys = [this.names.dlq, lane, this.codes, paceKey(this.names)];
    const args = [id, ENVELOPE, SOURCE_FIELD, NOT_BEFORE_FIELD, gapMs, LATEST_MS];
    const note = requeuedNote(payload);
    // With a note, whoever asked for the job's status is told in the same step.
    return note === undefined
      ? runScript(this.connection, 'redrive', keys, args)
      : runScript(
          this.connection,
          'told_redrive',
          [...keys, ...noteKeys(main, note)],
          [...args, ...noteArguments(note)],
        );
  }

  private async newest(): Promise<string | undefined> {
    return (await this.list(1))[0]?.id;
  }

  /**
   * Goes through those that are meant, oldest first, up to one; what is set aside meanwhile is left for the next call.
   * @param until the last one; undefined when there is none
   */
  private async forEachPage(
    filter: DeadLetterFilter,
    until: string | undefined,
    act: (letters: readonly DeadLetter[]) => unknown,
  ): Promise<void> {
    if (until === undefined) return;
    const { id } = filter;
    for (let from = id ?? '-'; ;) {
      const entries = await this.connection.xrangeBuffer(this.names.dlq, from, id ?? until, 'COUNT', PAGE);
      const letters = entries.map((entry) => toDeadLetter(entry));
      const meant = letters.filter((letter) => isMeant(letter, filter));
      if (meant.length > 0) await act(meant);
      const last = letters.at(-1);
      if (last === undefined || letters.length < PAGE) return;
      from = `(${last.id}`;
    }
  }
}
