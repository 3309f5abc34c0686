import { derivedKey } from '../../../redis/derived-key.js';
import type { Link } from '../../../redis/link.js';
import { LuaScripts } from '../../../redis/lua-scripts.js';

const SCRIPTS = new LuaScripts(new URL('./scripts/', import.meta.url), 'visits', ['note_visit']);

/** As many as the ledger knows. */
const MOST_CAMERAS = 10_000;

/** A camera that nobody looks at any more is forgotten. ms */
const FORGET_AFTER_MS = 90 * 86_400_000;

/** Forgotten visits that wait for the store to remove them; what is beyond stays in the store. */
const MOST_FORGOTTEN = 10_000;

/** So many of them are removed with each visit that is noted, besides those that it pushes out itself. */
const REMOVED_LATER = 8;

/** A visit that is forgotten, but whose artifact may still be there. */
export interface ForgottenVisit {
  cctvId: string;
  name: string;
}

/** A visit that is to be noted. */
export interface NotedVisit extends ForgottenVisit {
  /** The visits whose names begin with this push out each other. */
  group: string;
  /** Most visits of that group. */
  most: number;
  /** When the camera was seen, ms since the epoch. */
  now: number;
}

/**
 * Which visits of which cameras are remembered: in Redis, beside the stream. Names only, some 50 bytes each; what was seen
 * lies in the artifact store. Commands wait while Redis is away: a job should not wait as long.
 */
export class RedisVisitIndex {
  /**
   * @param stream whose Cluster slot and prefix the keys take
   * @param mostCameras the one that was not seen for longest is forgotten beyond
   */
  constructor(
    private readonly link: Link,
    private readonly stream: string,
    private readonly mostCameras = MOST_CAMERAS,
  ) {
    SCRIPTS.define(link.connection);
  }

  /** The names of a camera's visits, in any order. */
  async visitsOf(cctvId: string): Promise<string[]> {
    await this.link.up();
    return this.link.connection.smembers(this.key(`visited:${cctvId}`));
  }

  /**
   * Notes a visit that the store holds. What earlier versions kept of the camera in Redis is removed.
   * @returns forgotten visits, to be removed from the store and then reported to {@link removed}
   */
  async note({ cctvId, name, group, most, now }: NotedVisit): Promise<ForgottenVisit[]> {
    await this.link.up();
    const keys = [`visited:${cctvId}`, 'visited-cameras', 'visited-forgotten', `visits:${cctvId}`];
    const limits = [most, now, this.mostCameras, now - FORGET_AFTER_MS, this.key('visited:'), MOST_FORGOTTEN];
    const reply = await SCRIPTS.run(
      this.link.connection,
      'note_visit',
      keys.map((key) => this.key(key)),
      [cctvId, name, group, ...limits, REMOVED_LATER],
    );
    return [...new Set((reply as Buffer[]).map(String))].map((member) => {
      const [camera = '', visit = ''] = member.split('/');
      return { cctvId: camera, name: visit };
    });
  }

  /** Notes that the store holds these no more. */
  async removed(visits: readonly ForgottenVisit[]): Promise<void> {
    if (visits.length === 0) return;
    await this.link.connection.srem(
      this.key('visited-forgotten'),
      ...visits.map(({ cctvId, name }) => `${cctvId}/${name}`),
    );
  }

  private key(name: string): string {
    return derivedKey(this.stream, name);
  }
}
