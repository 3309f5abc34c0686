import type { JobResult } from '../../job/handler.js';
import type { Connection } from '../../redis/connection.js';
import { derivedKey } from '../../redis/derived-key.js';
import { lookOf, readLook, type CameraLook } from './look.js';

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
    const looks = newestFirst.flatMap(([visit, json]) => readLook(visit, json) ?? []);
    if (looks.length > 0) return looks;
    const last = await this.last(cctvId);
    return last === undefined ? [] : [last];
  }

  /** One look of a camera; undefined when it is not kept. */
  async one(cctvId: string, visit: string): Promise<CameraLook | undefined> {
    const found = readLook(visit, await this.connection.hget(looksKey(this.results, cctvId), visit));
    if (found !== undefined) return found;
    const last = await this.last(cctvId);
    return last?.visit === visit ? last : undefined;
  }

  /** The newest inspection: all that is known of a camera that was looked at by an earlier version only. */
  private async last(cctvId: string): Promise<CameraLook | undefined> {
    const json = await this.connection.hget(derivedKey(this.results, 'last'), cctvId);
    if (json === null) return undefined;
    const result = JSON.parse(json) as JobResult;
    const at = Date.parse(result['enqueuedAt'] ?? '');
    if (Number.isNaN(at)) return undefined;
    const { visit, kept } = lookOf(result, at);
    return { visit, at, ...kept };
  }
}
