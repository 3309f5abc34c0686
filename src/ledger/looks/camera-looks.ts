import type { Connection } from '../../redis/connection.js';
import { derivedKey } from '../../redis/derived-key.js';
import { readLook, type CameraLook } from './look.js';

/** Looks that are kept of each camera. */
export const MOST_LOOKS = 60;

/** The hash of a camera's looks, by visit; all of these keys begin with the one of no camera. @param results stream of inspections */
export function looksKey(results: string, cctvId = ''): string {
  return derivedKey(results, `looks:${cctvId}`);
}

/** The hash of each camera's last clear look: its visit and the job. */
export function clearKey(results: string): string {
  return derivedKey(results, 'clear');
}

/** The last looks at each camera, as the ledger notes them. */
export class CameraLooks {
  /** @param results stream of the inspections */
  constructor(
    private readonly connection: Connection,
    private readonly results: string,
  ) {}

  /** The newest first; at most {@link MOST_LOOKS}. */
  async of(cctvId: string): Promise<CameraLook[]> {
    const kept = await this.connection.hgetall(looksKey(this.results, cctvId));
    const newestFirst = Object.entries(kept).sort(([a], [b]) => (a < b ? 1 : -1));
    return newestFirst.flatMap(([visit, json]) => readLook(visit, json) ?? []);
  }

  /** Some looks of a camera, in the order of their names; undefined for one that is not kept. */
  async some(cctvId: string, visits: readonly string[]): Promise<(CameraLook | undefined)[]> {
    const kept = await this.connection.hmget(looksKey(this.results, cctvId), ...visits);
    return visits.map((visit, i) => readLook(visit, kept[i]));
  }
}
