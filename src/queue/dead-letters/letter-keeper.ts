import type { QueueNames } from '../../job/kind.js';
import type { Connection } from '../../redis/connection.js';
import { deadCodesKey } from '../lane-keys.js';
import { isCounted } from '../numbers/dead-numbers.js';
import { runScript } from '../scripts.js';

/** Dropped or counted by one call, so that Redis is never held up. */
const STEP = 500;
/** Calls of each in one round; what is left then is for the next round. Enough for a stream that is as full as it may be. */
const MOST_STEPS = 250;

/** How long dead letters stay, and how many. */
export interface LetterBounds {
  /** ms */
  readonly keepMs: number;
  readonly most: number;
}

/** Dead letters that were dropped unread, by why. */
export interface LettersDropped {
  readonly tooOld: number;
  readonly tooMany: number;
}

/** Keeps a dead-letter stream within its bounds, and the count of its letters by code right. */
export class LetterKeeper {
  private readonly keys: readonly string[];
  /** How far a new count has come. */
  private counted: { behind: string; counts: readonly (Buffer | number)[] } | undefined;

  /** @param bounds without them letters stay until somebody deletes them */
  constructor(
    private readonly connection: Connection,
    private readonly names: QueueNames,
    private readonly bounds: LetterBounds | undefined,
  ) {
    this.keys = [names.dlq, deadCodesKey(names)];
  }

  /** One round, in bounded steps. */
  async tidy(): Promise<LettersDropped> {
    const dropped = this.bounds === undefined ? { tooOld: 0, tooMany: 0 } : await this.drop(this.bounds);
    if (!(await isCounted(this.connection, this.names))) await this.recount();
    return dropped;
  }

  private async drop({ keepMs, most }: LetterBounds): Promise<LettersDropped> {
    const dropped = { tooOld: 0, tooMany: 0 };
    for (let step = 0, more = 1; more === 1 && step < MOST_STEPS; step += 1) {
      const reply = await runScript(this.connection, 'trim_letters', this.keys, [keepMs, most, STEP]);
      const [tooOld, tooMany, isMore] = reply as [number, number, number];
      dropped.tooOld += tooOld;
      dropped.tooMany += tooMany;
      more = isMore;
    }
    return dropped;
  }

  /** A count goes on with the next round where this one ended; it begins anew when letters went meanwhile. */
  private async recount(): Promise<void> {
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const { behind, counts } = this.counted ?? { behind: '0-0', counts: [] };
      const reply = await runScript(this.connection, 'recount_letters', this.keys, [behind, STEP, ...counts]);
      const [state, last, flat] = reply as [number, Buffer?, (Buffer | number)[]?];
      this.counted =
        last === undefined || flat === undefined ? undefined : { behind: last.toString('latin1'), counts: flat };
      if (state === 1) return;
    }
  }
}
