import { BreakerStore, type BreakerPolicy, type BreakerState } from '../breaker-store.js';
import type { Connection } from './connection.js';
import { derivedKey, type QueueNames } from './keys.js';
import { defineScripts, runScript } from './scripts.js';

/** The breakers in one Redis hash. */
export class RedisBreakerStore extends BreakerStore {
  private readonly key: string;

  constructor(
    private readonly connection: Connection,
    { lanes, group }: QueueNames,
  ) {
    super();
    this.key = derivedKey(lanes.at(-1) as string, `breakers:${group}`);
    defineScripts(connection);
  }

  async list(): Promise<BreakerState[]> {
    const rows = (await runScript(this.connection, 'breakers', [this.key], [])) as [Buffer, number, number][];
    return rows.map(([camera, failures, wait]) => toState(String(camera), failures, wait));
  }

  async failed(camera: string, policy: BreakerPolicy): Promise<BreakerState> {
    const args = [camera, policy.failures, policy.cooldownMs, policy.longestCooldownMs];
    const reply = await runScript(this.connection, 'breaker_failed', [this.key], args);
    const [failures, wait] = reply as [number, number];
    return toState(camera, failures, wait);
  }

  async worked(camera: string): Promise<void> {
    await this.connection.hdel(this.key, camera);
  }

  async tryProbe(camera: string, forMs: number): Promise<number> {
    return (await runScript(this.connection, 'breaker_probe', [this.key], [camera, forMs])) as number;
  }

  async endProbe(camera: string): Promise<void> {
    await runScript(this.connection, 'breaker_probe', [this.key], [camera, 0]);
  }
}

function toState(camera: string, failures: number, wait: number): BreakerState {
  return { camera, failures, opensInMs: wait < 0 ? undefined : wait };
}
