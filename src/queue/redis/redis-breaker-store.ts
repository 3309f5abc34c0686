import { BreakerStore, type BreakerPolicy, type BreakerState, type ProbeAnswer } from '../breaker-store.js';
import type { Connection } from './connection.js';
import { derivedKey, type QueueNames } from './keys.js';
import { heldKey, laneKeys } from './lane-keys.js';
import { defineScripts, runScript } from './scripts.js';

/** Of more cameras that fail those that failed longest ago are forgotten: job writers name as many as they like. */
const MOST_CAMERAS = 10_000;
/** Deliveries that come due by one call. */
const FREED_AT_ONCE = 1_000;

/** The breakers in one Redis hash, beside it when each camera failed last, and a number that grows with each change. */
export class RedisBreakerStore extends BreakerStore {
  private readonly keys: readonly [breakers: string, recent: string, revision: string];
  private readonly waiting: readonly string[];
  private revision = '';

  constructor(
    private readonly connection: Connection,
    private readonly names: QueueNames,
    private readonly mostCameras = MOST_CAMERAS,
  ) {
    super();
    const { lanes, group } = names;
    const key = (name: string): string => derivedKey(lanes.at(-1) as string, `${name}:${group}`);
    this.keys = [key('breakers'), key('breakers-recent'), key('breakers-revision')];
    this.waiting = lanes.map((lane) => laneKeys(lane, group).waiting);
    defineScripts(connection);
  }

  async changes(): Promise<BreakerState[] | undefined> {
    const [breakers, , revision] = this.keys;
    const reply = await runScript(this.connection, 'breakers', [breakers, revision], [this.revision]);
    if (reply === null) return undefined;
    const [now, rows] = reply as [Buffer, [Buffer, number, number][]];
    this.revision = now.toString('latin1');
    return rows.map(([camera, failures, wait]) => toState(String(camera), failures, wait));
  }

  async failed(camera: string, policy: BreakerPolicy): Promise<BreakerState> {
    const args = [camera, policy.failures, policy.cooldownMs, policy.longestCooldownMs, this.mostCameras];
    const reply = await runScript(this.connection, 'breaker_failed', [...this.keys], args);
    const [failures, wait] = reply as [number, number];
    return toState(camera, failures, wait);
  }

  async worked(camera: string): Promise<void> {
    const held = this.names.lanes.map((lane) => heldKey(lane, this.names.group, camera));
    const keys = [...this.keys, ...held.flatMap((key, i) => [key, this.waiting[i] as string])];
    while ((await runScript(this.connection, 'breaker_worked', keys, [camera, FREED_AT_ONCE])) === 1);
  }

  async tryProbe(camera: string, forMs: number): Promise<ProbeAnswer> {
    const keys = [this.keys[0], ...this.waiting];
    const reply = await runScript(this.connection, 'breaker_probe', keys, [camera, forMs]);
    const [waitMs, isNext, waiting] = reply as [number, number, number];
    return { waitMs, isNext: isNext === 1, waiting };
  }

  async endProbe(camera: string): Promise<void> {
    await runScript(this.connection, 'breaker_probe', [this.keys[0], ...this.waiting], [camera, 0]);
  }
}

function toState(camera: string, failures: number, wait: number): BreakerState {
  return { camera, failures, opensInMs: wait < 0 ? undefined : wait };
}
