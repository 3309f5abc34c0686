import { setTimeout as after } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { ASSESS, type Stage } from './stage.js';

const LOOK_EVERY_MS = 250;

/** Follows the streams of results and of dead letters: how every job ended, and how often. */
export class Endings {
  /** How often each job published what it found, by its name. */
  readonly completed = new Map<string, number>();
  /** The codes of each job's dead letters, by its name. */
  readonly dead = new Map<string, string[]>();
  /** Jobs that published a result and left a set of artifacts without its last file. */
  readonly unsealed: string[] = [];
  private readonly read = new Map<string, string>();
  private readonly redis: Redis;
  private isOn = true;
  private readonly loop: Promise<void>;

  constructor(private readonly stage: Stage) {
    this.redis = stage.field.redis;
    this.loop = this.follow();
  }

  has(job: string): boolean {
    return this.completed.has(job) || this.dead.has(job);
  }

  /** Jobs that ended more than once. */
  get doubled(): string[] {
    const all = new Set([...this.completed.keys(), ...this.dead.keys()]);
    return [...all].filter((job) => (this.completed.get(job) ?? 0) + (this.dead.get(job)?.length ?? 0) > 1);
  }

  async stop(): Promise<void> {
    this.isOn = false;
    await this.loop;
  }

  private async follow(): Promise<void> {
    const { streams } = this.stage.field;
    while (this.isOn) {
      await this.each(streams.results, (fields) => this.complete(fields, true));
      await this.each(ASSESS.results, (fields) => this.complete(fields, false));
      for (const dlq of [streams.dlq, ASSESS.dlq]) await this.each(dlq, (fields) => this.bury(fields));
      await after(LOOK_EVERY_MS);
    }
  }

  private async each(stream: string, note: (fields: Map<string, string>) => void): Promise<void> {
    // Redis may be away; the next look finds the same.
    const entries = await this.redis.xrange(stream, `(${this.read.get(stream) ?? '0'}`, '+').catch(() => []);
    for (const [id, flat] of entries) {
      note(new Map(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] ?? '']] : []))));
      this.read.set(stream, id);
    }
  }

  private complete(fields: Map<string, string>, isInspection: boolean): void {
    // What was given up is told in the dead letters, too.
    if (fields.get('outcome') !== 'completed') return;
    const job = fields.get('jobId') ?? '?';
    this.completed.set(job, (this.completed.get(job) ?? 0) + 1);
    if (isInspection && !this.stage.isSealed(fields.get('artifacts') ?? '?')) this.unsealed.push(job);
  }

  private bury(fields: Map<string, string>): void {
    const job = fields.get('jobId') ?? '?';
    this.dead.set(job, [...(this.dead.get(job) ?? []), fields.get('roadstream:code') ?? '?']);
  }
}
