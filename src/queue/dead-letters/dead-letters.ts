import type { QueueNames } from '../../job/kind.js';
import type { Connection } from '../../redis/connection.js';
import { DEAD_LETTER_FIELDS } from './dead-letter-fields.js';
import { deadCodesKey } from '../lane-keys.js';
import { ENVELOPE } from '../names.js';
import { SOURCE_FIELD, type RawEntry } from '../replies.js';
import { defineScripts, runScript } from '../scripts.js';
import { noteArgument, noteKeys, type JobNote } from '../status/job-note.js';
import { requeuedNote } from './requeued-note.js';

/** A job that was set aside, as people and tools see it. */
export interface DeadLetter {
  /** Its id in the dead-letter stream. */
  id: string;
  code: string;
  message: string;
  step: string;
  attempts: number;
  /** When the job first came in and when it was discarded; ISO 8601. */
  firstAt: string;
  lastAt: string;
  worker: string;
  /** The stream it came from and goes back to. */
  stream: string;
  /** Id of its first entry. */
  source: string;
  /** The payload as it came: name and value, text where it is UTF-8, else hexadecimal behind `hex:`. May hold secrets. */
  payload: Record<string, string>;
}

/** Which dead letters to act on. */
export interface DeadLetterFilter {
  /** Only this one. */
  id?: string;
  /** Only those with this reason code. */
  code?: string;
}

/** Read at a time when going through all of them. */
const PAGE = 100;

/**
 * Jobs that were set aside, and the ways back.
 *
 * The dead-letter stream.
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

  async get(id: string): Promise<DeadLetter | undefined> {
    const [entry] = await this.connection.xrangeBuffer(this.names.dlq, id, id);
    return entry === undefined ? undefined : toDeadLetter(entry);
  }

  /** Puts jobs back into the stream they came from, each once and in one atomic step. Gives their number. */
  redrive(filter: DeadLetterFilter): Promise<number> {
    return this.forEach(filter, async ({ id, stream, payload }) => {
      // Nothing readable is left of a payload that was too large: it would only come back.
      if (Object.keys(payload).length === 0) return false;
      const lane = this.names.lanes.includes(stream) ? stream : (this.names.lanes.at(-1) as string);
      const keys = [this.names.dlq, lane, this.codes];
      const args = [id, ENVELOPE, SOURCE_FIELD];
      return (await this.redriveOne(keys, args, requeuedNote(payload))) === 1;
    });
  }

  /** With a note, whoever asked for the job's status is told in the same step. */
  private redriveOne(keys: string[], args: string[], note: JobNote | undefined): Promise<unknown> {
    if (note === undefined) return runScript(this.connection, 'redrive', keys, args);
    const main = this.names.lanes.at(-1) as string;
    return runScript(
      this.connection,
      'told_redrive',
      [...keys, ...noteKeys(main, note)],
      [...args, noteArgument(note)],
    );
  }

  /** Deletes jobs for good. Gives their number. */
  purge(filter: DeadLetterFilter): Promise<number> {
    const keys = [this.names.dlq, this.codes];
    return this.forEach(filter, async ({ id }) => (await runScript(this.connection, 'purge', keys, [id])) === 1);
  }

  /** Acts on what the filter names, oldest first; what is set aside meanwhile is left for the next call. */
  private async forEach(filter: DeadLetterFilter, act: (letter: DeadLetter) => Promise<boolean>): Promise<number> {
    if (filter.id !== undefined) return this.actOnOne(filter.id, filter, act);
    const [newest] = await this.list(1);
    if (newest === undefined) return 0;
    let count = 0;
    for (let from = '-'; ;) {
      const page = await this.connection.xrangeBuffer(this.names.dlq, from, newest.id, 'COUNT', PAGE);
      for (const letter of page.map((entry) => toDeadLetter(entry as RawEntry))) {
        if (matches(letter, filter) && (await act(letter))) count += 1;
        from = `(${letter.id}`;
      }
      if (page.length < PAGE) return count;
    }
  }

  private async actOnOne(
    id: string,
    filter: DeadLetterFilter,
    act: (letter: DeadLetter) => Promise<boolean>,
  ): Promise<number> {
    const letter = await this.get(id);
    return letter !== undefined && matches(letter, filter) && (await act(letter)) ? 1 : 0;
  }
}

function matches(letter: DeadLetter, { code }: DeadLetterFilter): boolean {
  return code === undefined || letter.code === code;
}

function toDeadLetter([id, fields]: RawEntry): DeadLetter {
  const ours = new Map<string, string>();
  const payload: Record<string, string> = {};
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = readable(fields[i] as Buffer);
    const value = readable(fields[i + 1] as Buffer);
    if (name.startsWith(ENVELOPE)) ours.set(name, value);
    else payload[name] = value;
  }
  const own = (name: keyof typeof DEAD_LETTER_FIELDS): string => ours.get(DEAD_LETTER_FIELDS[name]) ?? '';
  return {
    id: id.toString('latin1'),
    code: own('code'),
    message: own('message'),
    step: own('step'),
    attempts: Number(own('attempts')),
    firstAt: own('firstAt'),
    lastAt: own('lastAt'),
    worker: own('worker'),
    stream: own('stream'),
    source: own('source'),
    payload,
  };
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function readable(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    return `hex:${bytes.toString('hex')}`;
  }
}
