import type { QueueNames } from '../../job/kind.js';
import type { Connection } from '../../redis/connection.js';
import { breakerKeys } from '../lane-keys.js';

/** Why a camera fails. */
export interface CameraFailing {
  /** Of its last failure. */
  readonly code: string;
  /** A sentence, without secrets. */
  readonly message: string;
  /** When the first of the failures in a row was, ms since the epoch by Redis' clock. */
  readonly since: number;
  /** It failed so often that its jobs wait. */
  readonly isDown: boolean;
}

/**
 * The cameras that failed last, each with the reason: two reads, however many cameras there are. One whose failures were
 * noted by an earlier version only is none of them.
 */
export async function failingCameras(
  connection: Connection,
  names: Pick<QueueNames, 'lanes' | 'group'>,
): Promise<Map<string, CameraFailing>> {
  const keys = breakerKeys(names);
  const [breakers, reasons] = await Promise.all([connection.hgetall(keys.breakers), connection.hgetall(keys.reasons)]);
  const failing = new Map<string, CameraFailing>();
  for (const [camera, record] of Object.entries(breakers)) {
    const found = readReason(reasons[camera], isOpen(record));
    if (found !== undefined) failing.set(camera, found);
  }
  return failing;
}

/** A record is `failures, time of the next probe (0: none is needed), …`. */
function isOpen(record: string): boolean {
  return /^\d+ [1-9]/.test(record);
}

/** A reason is `since, when it failed last, code, message`. */
function readReason(text = '', isDown: boolean): CameraFailing | undefined {
  const [, since, code, message = ''] = /^(\d+) \d+ (\S+) (.*)$/s.exec(text) ?? [];
  return since === undefined || code === undefined ? undefined : { code, message, since: Number(since), isDown };
}
