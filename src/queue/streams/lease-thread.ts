import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../job/errors.js';
import { keyOf } from '../job-queue.js';
import { connect } from '../../redis/connection.js';
import { laneKeys, type LaneKeys } from '../lane-keys.js';
import { explainLogin } from '../../redis/refusal/explain-refusal.js';
import { RedisRefusedError } from '../../redis/refusal/redis-refused.error.js';
import { defineScripts, runScript } from '../scripts.js';
import { leaseReconnectWaitMs, renewalEveryMs, type RedisQueueSettings } from '../settings.js';

/**
 * Renews the leases of everything that is pending in this worker's name, apart from the main thread: a handler that
 * blocks the event loop must not lose its job. A delivery that runs for longer than any job may is let go.
 */
const settings = workerData as RedisQueueSettings;
const connection = connect(settings.redis, 'commands', leaseReconnectWaitMs(settings.visibilityMs));
defineScripts(connection);
// While it cannot connect a renewal waits for ever and does not fail.
connection.on('error', reportFailure);

const lanes = settings.names.lanes.map((lane) => laneKeys(lane, settings.names.group));

/** A delivery that was seen in our name. */
interface Seen {
  readonly lane: string;
  readonly entryId: string;
  /** When it was first seen, ms since the epoch. */
  readonly at: number;
}

/** What is held, by key. */
const firstSeen = new Map<string, Seen>();

async function renewAll(): Promise<void> {
  const at = Date.now();
  const held = (await Promise.all(lanes.map((lane) => renewLane(lane, at)))).flat();
  forgetAllBut(held);
  parentPort?.postMessage({ at, held });
}

async function renewLane({ stream, record }: LaneKeys, at: number): Promise<string[]> {
  const { names, consumer } = settings;
  const reply = await runScript(connection, 'renew', [stream, record], [names.group, consumer, ...overdueOn(stream)]);
  const [life, held] = reply as [Buffer, Buffer[]];
  return held.map((id) => {
    const seen = { lane: stream, entryId: id.toString('latin1'), at };
    const key = keyOf({ ...seen, life: life.toString('latin1') });
    if (!firstSeen.has(key)) firstSeen.set(key, seen);
    return key;
  });
}

function overdueOn(lane: string): string[] {
  const oldest = Date.now() - settings.longestRunMs;
  const overdue = [...firstSeen.values()].filter((seen) => seen.lane === lane && seen.at < oldest);
  return overdue.map(({ entryId }) => entryId);
}

function forgetAllBut(held: readonly string[]): void {
  const still = new Set(held);
  for (const key of firstSeen.keys()) if (!still.has(key)) firstSeen.delete(key);
}

async function keepRenewing(): Promise<void> {
  try {
    await renewAll();
  } catch (error) {
    // The next round tries again.
    reportFailure(error);
  }
  setTimeout(() => void keepRenewing(), renewalEveryMs(settings.visibilityMs));
}

function reportFailure(error: unknown): void {
  const told = error instanceof Error ? (explainLogin(error) ?? error) : error;
  parentPort?.postMessage({ failed: messageOf(told), refused: told instanceof RedisRefusedError });
}

void keepRenewing();
