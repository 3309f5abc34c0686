import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../../job/errors.js';
import { keyOf } from '../job-queue.js';
import { connect } from './connection.js';
import { defineScripts, runScript } from './scripts.js';
import { leaseReconnectWaitMs, renewalEveryMs, type RedisQueueSettings } from './settings.js';

/**
 * Renews the leases of everything that is pending in this worker's name, apart from the main thread: a handler that
 * blocks the event loop must not lose its job. A delivery that runs for longer than any job may is let go.
 */
const settings = workerData as RedisQueueSettings;
const connection = connect(settings.redis, 'commands', leaseReconnectWaitMs(settings.visibilityMs));
defineScripts(connection);
// While it cannot connect a renewal waits for ever and does not fail.
connection.on('error', reportFailure);

/** When each delivery, by its key, was first seen in our name, ms since the epoch. */
const firstSeen = new Map<string, number>();

async function renewAll(): Promise<void> {
  const at = Date.now();
  const held = (await Promise.all(settings.names.lanes.map(renewLane))).flat();
  forgetAllBut(held);
  for (const key of held) if (!firstSeen.has(key)) firstSeen.set(key, at);
  parentPort?.postMessage({ at, held });
}

async function renewLane(lane: string): Promise<string[]> {
  const { names, consumer } = settings;
  const held = await runScript(connection, 'renew', [lane], [names.group, consumer, ...overdueOn(lane)]);
  return (held as Buffer[]).map((id) => keyOf({ lane, entryId: id.toString('latin1') }));
}

function overdueOn(lane: string): string[] {
  const oldest = Date.now() - settings.longestRunMs;
  const prefix = keyOf({ lane, entryId: '' });
  const overdue = [...firstSeen].filter(([key, seen]) => seen < oldest && key.startsWith(prefix));
  return overdue.map(([key]) => key.slice(prefix.length));
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
  parentPort?.postMessage({ failed: messageOf(error) });
}

void keepRenewing();
