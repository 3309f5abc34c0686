import { derivedKey } from '../redis/derived-key.js';
import type { Link } from '../redis/link.js';
import { LuaScripts } from '../redis/lua-scripts.js';

/** What a replica holds, and what would be fair. */
export interface HeldLeases {
  readonly held: readonly string[];
  /** How many of the cameras one replica should hold, with so many replicas about. */
  readonly share: number;
}

const NAMES = ['hold_cameras', 'release_cameras'] as const;
const SCRIPTS = new LuaScripts(new URL('./scripts/', import.meta.url), 'recording', NAMES);

/** How a replica takes part. */
export interface LeaseSettings {
  /** The stream whose Cluster slot the keys lie in. */
  readonly stream: string;
  /** This replica's name, unique. */
  readonly recorder: string;
  /** A lease that is not renewed ends after this. ms */
  readonly lastsMs: number;
}

/**
 * Which replica records which camera: each camera has one holder at most.
 *
 * A key for each camera that ends by itself, and a sorted set of the replicas that are there.
 */
export class CameraLeases {
  /** @param link of a connection that fails rather than waits: see the role `producer` */
  constructor(
    private readonly link: Link,
    private readonly settings: LeaseSettings,
  ) {
    SCRIPTS.define(link.connection);
  }

  /**
   * Says that this replica lives, holds on to what it holds, and takes free cameras up to its share. To be repeated well
   * within the time that a lease lasts. Rejects while Redis is away.
   * @param cameras all that are to be recorded
   */
  async hold(cameras: readonly string[]): Promise<HeldLeases> {
    const { recorder, lastsMs } = this.settings;
    const reply = await this.run('hold_cameras', cameras, [recorder, lastsMs]);
    const [share = 0, ...held] = reply as number[];
    return { share, held: held.map((index) => cameras[index] as string) };
  }

  /** Gives cameras back, if they are still ours. */
  async release(cameras: readonly string[]): Promise<void> {
    await this.run('release_cameras', cameras, [this.settings.recorder, 0]);
  }

  /** Says goodbye: gives these cameras back and no longer counts as a replica. */
  async leave(cameras: readonly string[]): Promise<void> {
    await this.run('release_cameras', cameras, [this.settings.recorder, 1]);
  }

  private async run(
    name: (typeof NAMES)[number],
    cameras: readonly string[],
    args: (string | number)[],
  ): Promise<unknown> {
    await this.link.up();
    return SCRIPTS.run(this.link.connection, name, this.keys(cameras), args);
  }

  private keys(cameras: readonly string[]): string[] {
    const key = (name: string): string => derivedKey(this.settings.stream, name);
    return [key('recorders'), ...cameras.map((camera) => key(`recorder:${camera}`))];
  }
}
