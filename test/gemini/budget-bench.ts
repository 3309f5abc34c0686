import { Budgets } from '../../src/gemini/budget/budgets.js';
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { BudgetedKey } from '../../src/gemini/budget/projects.js';
import { type BudgetSettings } from '../../src/gemini/budget/budgets.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import type { RedisServer } from '../support/redis-server.js';

/** A key with plenty of everything; `limits` says what is short. */
export function budgetedKey(id: string, limits: Partial<BudgetedKey> = {}): BudgetedKey {
  return { id, project: id, key: `secret-of-${id}`, rpm: 1_000, tpm: 1_000_000, rpd: 100_000, ...limits };
}

/** Budgets on a real Redis as several workers have them, each with a connection of its own. */
export class BudgetBench {
  private readonly links: Link[] = [];
  /** Its own, so that tests share a server. */
  readonly model = `model-${randomUUID()}`;
  private readonly clockKey = `clock:${randomUUID()}`;
  private readonly redis: Redis;

  constructor(private readonly server: RedisServer) {
    this.redis = server.client();
  }

  /** By the clock of Redis. */
  worker(keys: readonly BudgetedKey[], settings: Partial<BudgetSettings> = {}): Budgets {
    const link = new Link(connect({ url: this.server.url }, 'commands'));
    this.links.push(link);
    return new Budgets(link, { keys, longestRequestMs: 600_000, ...settings });
  }

  /** By a clock that stands still until {@link setTime}. */
  workerOutOfTime(keys: readonly BudgetedKey[], settings: Partial<BudgetSettings> = {}): Budgets {
    const clock = `local now = tonumber(redis.call('GET', '${this.clockKey}'))`;
    return this.worker(keys, { clock, dayOf: () => this.now, ...settings });
  }

  now = 0;

  async setTime(now: number): Promise<void> {
    this.now = now;
    await this.redis.set(this.clockKey, String(now));
  }

  async close(): Promise<void> {
    await Promise.all(this.links.splice(0).map((link) => link.close()));
  }
}
