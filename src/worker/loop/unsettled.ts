import { RedisRefusedError } from '../../redis/refusal/redis-refused.error.js';
import type { Gate } from './admission.js';

/**
 * What was done and cannot be settled because Redis refuses it: the results stream has the wrong type, say, while jobs can
 * still be claimed. Nothing new is claimed meanwhile, or ever more finished jobs would wait in hand.
 */
export class Unsettled implements Gate {
  private readonly refused = new Map<object, string>();

  /** Notes that a run could not be settled, and why. */
  note(run: object, error: unknown): void {
    if (error instanceof RedisRefusedError) this.refused.set(run, error.message);
  }

  /** Notes that a run is settled, or lost. */
  clear(run: object): void {
    this.refused.delete(run);
  }

  closed(): string | undefined {
    const [sentence] = this.refused.values();
    if (sentence === undefined) return undefined;
    return `${this.refused.size} finished job(s) cannot be settled, and wait in hand: no new one is claimed. ${sentence}`;
  }
}
