import { eventsKey, MOST_EVENTS } from '../../queue/status/job-note.js';
import { derivedKey } from '../../redis/derived-key.js';
import type { Link } from '../../redis/link.js';
import { LuaScripts } from '../../redis/lua-scripts.js';
import { MOST_FINDING_CAMERAS, type StoredFinding } from '../finding.js';
import { fromValue, indexEntryOf, toValue, type BookEntry, type IndexEntry } from './value.js';

const SCRIPTS = new LuaScripts(new URL('./scripts/', import.meta.url), 'findings', ['put_findings']);

const HOUR_MS = 3_600_000;
/** Counts of events are kept by the hour, for a day. */
const HOURS = 24;
/** Marks a book that is there, also while no finding is in it. */
const MARK = '.';

/** All findings of one camera. */
export interface CameraBook {
  /** False: Redis has nothing of the camera, or lost it. */
  readonly isKnown: boolean;
  readonly entries: ReadonlyMap<string, BookEntry>;
  readonly views: Views;
}

/** When a camera was last looked at by each light, and when it moved. ms since the epoch */
export interface Views {
  readonly seen: Readonly<Record<string, number>>;
  readonly movedAt: number;
  /** The newest visit that was noted: what a person draws is drawn on its picture. */
  readonly last?: { readonly jobId: string; readonly at: number };
}

/** What happened to findings that is counted by the hour. */
export type Happening = 'new' | 'grown' | 'gone';

/** A change of one camera's findings, done as a whole or not at all. */
export interface Change {
  /** What each becomes, and the entry that it replaces; undefined for a new one. */
  readonly puts: readonly { readonly finding: StoredFinding; readonly before: BookEntry | undefined }[];
  readonly removes?: readonly BookEntry[];
  readonly happened?: readonly Happening[];
  /** Findings of which is told. */
  readonly tells?: readonly StoredFinding[];
  /** Whether what people said has changed, so that the camera's file is to be written. */
  readonly isReview?: boolean;
  readonly views?: Views;
}

/** The counts of all findings, by the names that `value.ts` gives. */
export type BookCounts = ReadonlyMap<string, number>;

/**
 * The findings of all cameras in Redis, beside the stream of inspections: a hash for each camera, and an index and counts of all,
 * kept in the same step. At most {@link MOST_FINDING_CAMERAS} cameras; the one that was not changed for longest is forgotten beyond.
 */
export class FindingBook {
  /** @param stream the main stream of inspections, whose Cluster slot and prefix the keys take */
  constructor(
    private readonly link: Link,
    private readonly stream: string,
    private readonly mostCameras = MOST_FINDING_CAMERAS,
  ) {
    SCRIPTS.define(link.connection);
  }

  async of(cctvId: string): Promise<CameraBook> {
    await this.link.up();
    const { [MARK]: mark, ...values } = await this.link.connection.hgetall(this.key(`findings:${cctvId}`));
    const entries = Object.entries(values).flatMap(([id, value]) => {
      const entry = fromValue(value);
      return entry === undefined ? [] : [[id, entry] as const];
    });
    const views = { seen: {}, movedAt: 0, ...(mark === undefined ? {} : (JSON.parse(mark) as Partial<Views>)) };
    return { isKnown: mark !== undefined, entries: new Map(entries), views };
  }

  /** @returns false when somebody else has changed one of them meanwhile: nothing is done then */
  async put(cctvId: string, change: Change, now = Date.now()): Promise<boolean> {
    await this.link.up();
    const { puts, removes = [], happened = [], tells = [], isReview = false, views } = change;
    const hour = Math.floor(now / HOUR_MS);
    const given = {
      ...{ camera: cctvId, now, mostCameras: this.mostCameras, prefix: this.key('findings:') },
      ...{ save: isReview, mostEvents: MOST_EVENTS, oldest: hour - HOURS },
      mark: views === undefined ? '' : JSON.stringify(views),
      writes: [
        ...removes.map(({ finding, revision }) => [finding.id, String(revision), '']),
        ...puts.map(({ finding, before }) => {
          const revision = before?.revision ?? 0;
          return [finding.id, String(revision), toValue({ finding, revision: revision + 1 })];
        }),
      ],
      bumps: happened.map((name) => `${name}24:${hour}`),
      events: tells.map(({ id, state, version, severity }) => JSON.stringify({ id, cctvId, state, version, severity })),
    };
    const own = [`findings:${cctvId}`, 'findings-index', 'findings-counts', 'findings-cameras', 'findings-ids'];
    const keys = [...[...own, 'findings-unsaved'].map((name) => this.key(name)), eventsKey(this.stream)];
    return (await SCRIPTS.run(this.link.connection, 'put_findings', keys, [JSON.stringify(given)])) === null;
  }

  /** The camera of a finding; undefined for none that is known. */
  async cameraOf(id: string): Promise<string | undefined> {
    await this.link.up();
    return (await this.link.connection.hget(this.key('findings-ids'), id)) ?? undefined;
  }

  /** All cameras whose findings are kept, those without any included. */
  async cameras(): Promise<ReadonlySet<string>> {
    await this.link.up();
    return new Set(await this.link.connection.zrange(this.key('findings-cameras'), 0, '-1'));
  }

  /** Of all findings in the order of lists, `count` behind a member. */
  async index(after: string | undefined, count: number): Promise<IndexEntry[]> {
    await this.link.up();
    const from = after === undefined ? '-' : `(${after}`;
    const key = this.key('findings-index');
    return (await this.link.connection.zrange(key, from, '+', 'BYLEX', 'LIMIT', 0, count)).map(indexEntryOf);
  }

  /** The findings that the index named; one that went meanwhile is left out. */
  async read(named: readonly Pick<IndexEntry, 'cctvId' | 'id'>[]): Promise<StoredFinding[]> {
    await this.link.up();
    const values = await Promise.all(
      named.map(({ cctvId, id }) => this.link.connection.hget(this.key(`findings:${cctvId}`), id)),
    );
    return values.flatMap((value) => (value === null ? [] : (fromValue(value)?.finding ?? [])));
  }

  async counts(): Promise<BookCounts> {
    await this.link.up();
    const counts = await this.link.connection.hgetall(this.key('findings-counts'));
    return new Map(Object.entries(counts).map(([name, count]) => [name, Number(count)]));
  }

  /** Cameras whose file is to be written, those that wait for longest first. */
  async unsaved(count: number): Promise<{ cctvId: string; since: number }[]> {
    await this.link.up();
    const flat = await this.link.connection.zrange(this.key('findings-unsaved'), 0, String(count - 1), 'WITHSCORES');
    return Array.from({ length: flat.length / 2 }, (_, i) => ({
      cctvId: flat[2 * i] ?? '',
      since: Number(flat[2 * i + 1]),
    }));
  }

  async saved(cctvId: string): Promise<void> {
    await this.link.connection.zrem(this.key('findings-unsaved'), cctvId);
  }

  private key(name: string): string {
    return derivedKey(this.stream, name);
  }
}

/** How often something happened within the last 24 hours. */
export function lastDay(counts: BookCounts, what: Happening, now: number): number {
  const hour = Math.floor(now / HOUR_MS);
  return Array.from({ length: HOURS }, (_, i) => counts.get(`${what}24:${hour - i}`) ?? 0).reduce((a, b) => a + b, 0);
}
