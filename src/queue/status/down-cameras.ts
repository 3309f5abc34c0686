import type { QueueNames } from '../../job/kind.js';
import type { Connection } from '../../redis/connection.js';
import { breakerKeys } from '../lane-keys.js';

/** Why a camera's jobs wait. */
export interface CameraDown {
  /** Of its last failure. */
  readonly code: string;
  /** A sentence, without secrets. */
  readonly message: string;
  /** When the first of the failures in a row was, ms since the epoch by Redis' clock. */
  readonly since: number;
}

/**
 * The cameras whose jobs wait now, each with the reason: two reads, however many cameras there are. Those that failed less
 * often than makes a camera count as down are none of them, nor is one whose failures were noted by an earlier version only.
 */
export async function downCameras(
  connection: Connection,
  names: Pick<QueueNames, 'lanes' | 'group'>,
): Promise<Map<string, CameraDown>> {
  const keys = breakerKeys(names);
  const [breakers, reasons] = await Promise.all([connection.hgetall(keys.breakers), connection.hgetall(keys.reasons)]);
  const down = new Map<string, CameraDown>();
  for (const [camera, record] of Object.entries(breakers)) {
    const reason = isOpen(record) ? readReason(reasons[camera]) : undefined;
    if (reason !== undefined) down.set(camera, reason);
  }
  return down;
}

/** A record is `failures, time of the next probe (0: none is needed), …`. */
function isOpen(record: string): boolean {
  return /^\d+ [1-9]/.test(record);
}

function readReason(text = ''): CameraDown | undefined {
  const [, since, code, message] = /^(\d+) (\S+) (.*)$/s.exec(text) ?? [];
  return since === undefined || code === undefined ? undefined : { code, message: message ?? '', since: Number(since) };
}
