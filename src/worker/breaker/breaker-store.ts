import { describeError } from '../../job/errors.js';
import type { QueueNames } from '../../job/kind.js';
import type { Connection } from '../../redis/connection.js';
import { breakerKeys, heldKey, laneKeys } from '../../queue/lane-keys.js';
import { redactText } from '../../lib/redact.js';
import { LuaScripts } from '../../redis/lua-scripts.js';

/** What the group knows of a camera that failed lately. */
export interface BreakerState {
  camera: string;
  /** Failures in a row. */
  failures: number;
  /** Until the next probe is allowed, ms; 0 when it is allowed now; undefined while jobs run as always. */
  opensInMs: number | undefined;
}

/** When a camera counts as down. Times in ms. */
export interface BreakerPolicy {
  /** Failures in a row after which a camera's jobs wait. */
  failures: number;
  /** The first wait; it doubles with each failed probe. */
  cooldownMs: number;
  longestCooldownMs: number;
}

/** What becomes of the wish to try a camera. */
export interface ProbeAnswer {
  /** 0 when the right is ours, else how long until somebody may have it, ms. */
  readonly waitMs: number;
  /** Whether we are the one that is to come back then; all others may stay away until the camera works. */
  readonly isNext: boolean;
  /** Deliveries of the queue that wait for anything. */
  readonly waiting: number;
}

const SCRIPTS = new LuaScripts(new URL('./scripts/', import.meta.url), 'breaker', [
  'changes',
  'failed',
  'probe',
  'worked',
]);

/** Of more cameras that fail those that failed longest ago are forgotten: job writers name as many as they like. */
const MOST_CAMERAS = 10_000;
/** Characters that are kept of why a camera fails. */
const LONGEST_MESSAGE = 500;
/** Deliveries that come due by one call. */
const FREED_AT_ONCE = 1_000;

/**
 * The breakers of all cameras, shared by the group. Cameras that work leave no trace.
 *
 * The breakers in one Redis hash, beside it when each camera failed last and why, and a number that grows with each change.
 */
export class BreakerStore {
  private readonly keys: readonly [breakers: string, recent: string, revision: string, reasons: string];
  private readonly waiting: readonly string[];
  private revision = '';

  constructor(
    private readonly connection: Connection,
    private readonly names: QueueNames,
    private readonly mostCameras = MOST_CAMERAS,
  ) {
    const { lanes, group } = names;
    const { breakers, recent, revision, reasons } = breakerKeys(names);
    this.keys = [breakers, recent, revision, reasons];
    this.waiting = lanes.map((lane) => laneKeys(lane, group).waiting);
    SCRIPTS.define(connection);
  }

  /** Cameras with failures; undefined when nothing has changed since the last call. */
  async changes(): Promise<BreakerState[] | undefined> {
    const [breakers, , revision] = this.keys;
    const reply = await SCRIPTS.run(this.connection, 'changes', [breakers, revision], [this.revision]);
    if (reply === null) return undefined;
    const [now, rows] = reply as [Buffer, [Buffer, number, number][]];
    this.revision = now.toString('latin1');
    return rows.map(([camera, failures, wait]) => toState(String(camera), failures, wait));
  }

  /** Notes one more failure in a row, and what came of the last one. */
  async failed(camera: string, policy: BreakerPolicy, error: unknown): Promise<BreakerState> {
    const { code, message } = describeError(error);
    const why = [code, redactText(message).slice(0, LONGEST_MESSAGE)];
    const args = [camera, policy.failures, policy.cooldownMs, policy.longestCooldownMs, this.mostCameras, ...why];
    const reply = await SCRIPTS.run(this.connection, 'failed', [...this.keys], args);
    const [failures, wait] = reply as [number, number];
    return toState(camera, failures, wait);
  }

  /** Notes that the camera works; deliveries that wait for it come due. */
  async worked(camera: string): Promise<void> {
    const held = this.names.lanes.map((lane) => heldKey(lane, this.names.group, camera));
    const keys = [...this.keys, ...held.flatMap((key, i) => [key, this.waiting[i] as string])];
    while ((await SCRIPTS.run(this.connection, 'worked', keys, [camera, FREED_AT_ONCE])) === 1);
  }

  /**
   * Asks for the right to try a camera whose wait is over: one worker has it at a time, for at most `forMs`.
   */
  async tryProbe(camera: string, forMs: number): Promise<ProbeAnswer> {
    const keys = [this.keys[0], ...this.waiting];
    const reply = await SCRIPTS.run(this.connection, 'probe', keys, [camera, forMs]);
    const [waitMs, isNext, waiting] = reply as [number, number, number];
    return { waitMs, isNext: isNext === 1, waiting };
  }

  /** Gives the right back: the probe ended without a verdict on the camera. */
  async endProbe(camera: string): Promise<void> {
    await SCRIPTS.run(this.connection, 'probe', [this.keys[0], ...this.waiting], [camera, 0]);
  }
}

function toState(camera: string, failures: number, wait: number): BreakerState {
  return { camera, failures, opensInMs: wait < 0 ? undefined : wait };
}
