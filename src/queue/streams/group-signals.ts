import type { QueueNames } from '../../job/kind.js';
import { derivedKey } from '../../redis/derived-key.js';
import type { Connection } from '../../redis/connection.js';
import { runScript } from '../scripts.js';

/** A cancellation is remembered for so long: no entry that it meant waits longer. ms */
const CANCELLATION_KEPT_MS = 24 * 3_600_000;
/** More are not remembered, so that a look stays small; the oldest go first. */
const MOST_CANCELLATIONS = 1_000;

/** What one worker or operator tells the whole group through Redis; every worker reads it with each look. */
export class GroupSignals {
  /** When somebody last looked, whether the group is paused, which jobs are cancelled: as the script `rescue` wants them. */
  readonly keys: readonly [tick: string, pause: string, cancellations: string];

  constructor(
    private readonly connection: Connection,
    { lanes, group }: QueueNames,
  ) {
    // The last lane is the plain one; keys are named after it.
    const stream = lanes.at(-1) as string;
    const key = (name: string): string => derivedKey(stream, `${name}:${group}`);
    this.keys = [key('tick'), key('paused'), key('cancelled')];
  }

  async pause(paused: boolean): Promise<void> {
    const [, pause] = this.keys;
    if (paused) await this.connection.set(pause, new Date().toISOString());
    else await this.connection.del(pause);
  }

  async cancel(jobId: string): Promise<void> {
    const [, , cancellations] = this.keys;
    const args = [jobId, CANCELLATION_KEPT_MS, MOST_CANCELLATIONS];
    await runScript(this.connection, 'cancel', [cancellations], args);
  }
}
