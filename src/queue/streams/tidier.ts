import { AHEAD_MS } from '../../lib/clock.js';
import { within } from '../../lib/deadline.js';
import type { Connection } from '../../redis/connection.js';
import { derivedKey } from '../../redis/derived-key.js';
import { LetterKeeper } from '../dead-letters/letter-keeper.js';
import type { Tidying } from '../job-queue.js';
import { settledKey, type LaneKeys } from '../lane-keys.js';
import { WAITING_CONSUMER } from '../names.js';
import { runScript } from '../scripts.js';
import { goneAfterMs, resultsKeptMs, type RedisQueueSettings } from '../settings.js';
import type { ConsumerGroup } from './group.js';

const LEAVE_WITHIN_MS = 1_000;

/** Keeps the streams and the group within their bounds. */
export class Tidier {
  private readonly letters: LetterKeeper;

  constructor(
    private readonly commands: Connection,
    private readonly group: ConsumerGroup,
    private readonly lanes: readonly LaneKeys[],
    private readonly settings: RedisQueueSettings,
  ) {
    this.letters = new LetterKeeper(commands, settings.names, settings.letters);
  }

  /** Trims what is older than the retention, and removes consumers that are gone for long. */
  async tidy(): Promise<Tidying> {
    const { names, retentionMs, visibilityMs } = this.settings;
    const args = [names.group, this.settings.consumer, WAITING_CONSUMER, retentionMs, goneAfterMs(visibilityMs)];
    const tidyLane = ({ stream }: LaneKeys): Promise<unknown> =>
      runScript(this.commands, 'tidy', [stream], [...args, settledKey(stream, names.group, '')]);
    const tidied = await Promise.all(this.lanes.map((lane) => this.group.with(() => tidyLane(lane))));
    const counts = tidied as [trimmed: number, removed: number][];
    const dropped = await this.letters.tidy();
    return {
      trimmed: counts.reduce((sum, [trimmed]) => sum + trimmed, await this.trimAhead()),
      consumersRemoved: counts.reduce((sum, [, removed]) => sum + removed, 0),
      ...(dropped.tooOld + dropped.tooMany === 0 ? {} : { lettersDropped: dropped }),
    };
  }

  /** Gives up the consumer's place in the group; throws nothing. */
  async leave(): Promise<void> {
    const { group } = this.settings.names;
    const leaveLane = ({ stream }: LaneKeys): Promise<unknown> =>
      runScript(
        this.commands,
        'leave',
        [stream, settledKey(stream, group, this.settings.consumer)],
        [group, this.settings.consumer],
      );
    // A group that is gone has nobody to leave, and a Redis that stands still does not keep us.
    await within(LEAVE_WITHIN_MS, Promise.allSettled(this.lanes.map(leaveLane)));
  }

  /** Where somebody wrote an id that lies in the future, age is not told by ids. Gives how many entries were trimmed. */
  private async trimAhead(): Promise<number> {
    const { names, retentionMs } = this.settings;
    const trim = (stream: string, keepMs: number, spare: 0 | 1): Promise<unknown> =>
      runScript(this.commands, 'trim_ahead', [stream, derivedKey(stream, 'ahead')], [keepMs, AHEAD_MS, spare]);
    const results = names.results === undefined ? [] : [trim(names.results, resultsKeptMs(this.settings), 0)];
    const counts = await Promise.all([...this.lanes.map(({ stream }) => trim(stream, retentionMs, 1)), ...results]);
    return (counts as number[]).reduce((sum, count) => sum + count, 0);
  }
}
