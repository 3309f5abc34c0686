import { CameraLeases, type HeldLeases } from '../camera-leases.js';
import { derivedKey } from './keys.js';
import type { Link } from './link.js';
import { defineScripts, runScript, type ScriptName } from './scripts.js';

/** How a replica takes part. */
export interface LeaseSettings {
  /** The stream whose Cluster slot the keys lie in. */
  readonly stream: string;
  /** This replica's name, unique. */
  readonly recorder: string;
  /** A lease that is not renewed ends after this. ms */
  readonly lastsMs: number;
}

/** A key for each camera that ends by itself, and a sorted set of the replicas that are there. */
export class RedisCameraLeases extends CameraLeases {
  /** @param link of a connection that fails rather than waits: see the role `producer` */
  constructor(
    private readonly link: Link,
    private readonly settings: LeaseSettings,
  ) {
    super();
    defineScripts(link.connection);
  }

  async hold(cameras: readonly string[]): Promise<HeldLeases> {
    const { recorder, lastsMs } = this.settings;
    const reply = await this.run('hold_cameras', cameras, [recorder, lastsMs]);
    const [share = 0, ...held] = reply as number[];
    return { share, held: held.map((index) => cameras[index] as string) };
  }

  async release(cameras: readonly string[]): Promise<void> {
    await this.run('release_cameras', cameras, [this.settings.recorder, 0]);
  }

  async leave(cameras: readonly string[]): Promise<void> {
    await this.run('release_cameras', cameras, [this.settings.recorder, 1]);
  }

  private async run(name: ScriptName, cameras: readonly string[], args: (string | number)[]): Promise<unknown> {
    await this.link.up();
    return runScript(this.link.connection, name, this.keys(cameras), args);
  }

  private keys(cameras: readonly string[]): string[] {
    const key = (name: string): string => derivedKey(this.settings.stream, name);
    return [key('recorders'), ...cameras.map((camera) => key(`recorder:${camera}`))];
  }
}
