import type { QueueNames } from '../../job/kind.js';
import type { Link } from '../../redis/link.js';
import { toFields } from '../../redis/fields.js';
import { notEnqueued } from '../job-producer.js';
import { laneKeys } from '../lane-keys.js';
import { WAITING_CONSUMER } from '../names.js';
import { ENTRY_FIELD } from '../replies.js';
import { defineScripts, runScript } from '../scripts.js';
import { noteArguments, noteKeys, statusKey, type JobNote } from './job-note.js';
import type { EntryPlace, JobRecord } from './job-record.js';

/** A job that a client asks for. */
export interface AskedJob {
  readonly jobId: string;
  readonly lane: 'plain' | 'urgent';
  /** The payload. */
  readonly fields: Readonly<Record<string, string>>;
  /** Tells apart what two clients ask for under one name. */
  readonly digest: string;
  /** What clients are told of it. */
  readonly note: JobNote;
}

/** What asking for a job came to: it is new, it was there, or another one has its name. */
export type Added = 'added' | 'same' | 'different';

const ADDED: readonly Added[] = ['same', 'added', 'different'];

type LookReply = [status: Buffer[], entry: [place: Buffer, consumer: Buffer, deliveries: number]];

/** Where results of a job are looked for: among so many, newest first. */
const RESULTS_SEARCHED = 5_000;
const PAGE = 500;

/** The jobs of one kind whose status clients asked for. */
export class JobBook {
  private readonly main: string;

  /** @param link of a connection that fails rather than waits */
  constructor(
    private readonly link: Link,
    private readonly names: QueueNames,
    private readonly keepMs: number,
  ) {
    this.main = names.lanes.at(-1) as string;
    defineScripts(link.connection);
  }

  /**
   * Adds a job with its status, in one atomic step, unless one of its name is known.
   * @throws TransientStepError NOT_ENQUEUED while Redis is away; it may be there all the same: ask again under the same name
   */
  async add({ jobId, lane, fields, digest, note }: AskedJob): Promise<Added> {
    const stream = lane === 'urgent' ? (this.names.lanes[0] as string) : this.main;
    const payload = Object.entries(fields).flat();
    const args = [digest, payload.length, ...payload, ...this.argumentsOf(note)];
    try {
      await this.link.up();
      const keys = [stream, ...noteKeys(this.main, { jobId })];
      const [added] = (await runScript(this.link.connection, 'job_add', keys, args)) as [number, Buffer];
      return ADDED[added] as Added;
    } catch (error) {
      throw notEnqueued(stream, error);
    }
  }

  /** What is known of a job; undefined when nothing is. */
  async look(jobId: string): Promise<JobRecord | undefined> {
    const key = statusKey(this.main, jobId);
    const { connection } = this.link;
    const [entry, stream] = await connection.hmget(key, 'entry', 'stream');
    const lane = this.names.lanes.find((name) => name === stream) ?? this.main;
    const reply = (await runScript(connection, 'job_look', [key, lane], [this.names.group])) as LookReply;
    const status = toFields(reply[0]);
    if (status['state'] === undefined || entry === undefined) return undefined;
    const [place, consumer, deliveries] = reply[1];
    return { jobId, status, place: String(place) as EntryPlace, consumer: String(consumer), deliveries };
  }

  /** The statuses of jobs, for lists; an empty one where there is none. */
  async statuses(jobIds: readonly string[]): Promise<Record<string, string>[]> {
    if (jobIds.length === 0) return [];
    const pipeline = this.link.connection.pipeline();
    for (const jobId of jobIds) pipeline.hgetall(statusKey(this.main, jobId));
    const replies = (await pipeline.exec()) ?? [];
    return replies.map(([, status]) => (status ?? {}) as Record<string, string>);
  }

  /**
   * Ends a job that nobody runs: its entry is gone, its end is told. False when somebody runs it, or it ended before.
   * @param result what the results stream is told
   */
  async withdraw(
    { jobId, status }: JobRecord,
    note: JobNote,
    result: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const { entry = '', stream = '' } = status;
    const told = [ENTRY_FIELD, `${stream} ${entry} `, ...Object.entries(result).flat()];
    return this.take(jobId, status, this.names.results ?? stream, ['0', ...told], note);
  }

  /** Moves a job that was never delivered to the urgent stream. False when it was. */
  async expedite({ jobId, status }: JobRecord, note: JobNote): Promise<boolean> {
    return this.take(jobId, status, this.names.lanes[0] as string, ['1'], note);
  }

  /** The result that tells how the job of an entry ended; undefined when it is not among the last. */
  async resultOf(stream: string, entryId: string): Promise<Record<string, string> | undefined> {
    if (this.names.results === undefined) return undefined;
    const name = `${stream} ${entryId} `;
    let before = '+';
    for (let searched = 0; searched < RESULTS_SEARCHED; searched += PAGE) {
      const page = await this.link.connection.xrevrange(
        this.names.results,
        before,
        `${entryId.split('-')[0] ?? ''}-0`,
        'COUNT',
        PAGE,
      );
      const found = page.map(([, flat]) => toFields(flat)).find((fields) => fields[ENTRY_FIELD]?.startsWith(name));
      if (found !== undefined || page.length < PAGE) return found;
      before = `(${page.at(-1)?.[0] ?? ''}`;
    }
    return undefined;
  }

  private async take(
    jobId: string,
    { entry = '', stream = this.main }: Readonly<Record<string, string>>,
    target: string,
    args: readonly string[],
    note: JobNote,
  ): Promise<boolean> {
    const lane = this.names.lanes.find((name) => name === stream) ?? this.main;
    const { waiting } = laneKeys(lane, this.names.group);
    const keys = [lane, waiting, target, ...noteKeys(this.main, { jobId })];
    const who = [this.names.group, WAITING_CONSUMER, entry];
    const done = await runScript(this.link.connection, 'job_withdraw', keys, [
      ...who,
      ...args,
      ...this.argumentsOf(note),
    ]);
    return done === 1;
  }

  private argumentsOf(note: JobNote): (string | number)[] {
    return noteArguments(note, this.keepMs);
  }
}
