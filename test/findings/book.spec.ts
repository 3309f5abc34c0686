import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Cameras } from '../../src/cameras/camera.js';
import { FindingBook } from '../../src/findings/book/finding-book.js';
import { KnownFindings } from '../../src/findings/book/known-findings.js';
import { FolderArtifactStore } from '../../src/artifacts/folder/folder.store.js';
import { FindingDesk } from '../../src/findings/review/finding-desk.js';
import { FindingList } from '../../src/findings/review/finding-list.js';
import { ReviewsFile } from '../../src/findings/review/reviews-file.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { idOf, markOf, seedVisit } from './seed.js';

const STREAM = 'stream:preprocess';
const CAMERAS = 500;
const EACH = 40;
const AT = Date.UTC(2026, 4, 1);

const folder = useFolder('book');
const NOBODY = { soon: () => undefined };

function openOn(link: Link, mostCameras?: number) {
  const book = new FindingBook(link, STREAM, mostCameras);
  const known = new KnownFindings(book, new ReviewsFile(new FolderArtifactStore(folder.path), ''));
  const list = new FindingList(known, new Cameras([]));
  return { book, known, list, desk: new FindingDesk(known, NOBODY, { reviewed: () => undefined }) };
}

const marksOf = (camera: string) =>
  Array.from({ length: EACH }, (_, i) =>
    markOf(`${camera} ${i}`, 60 * (i % 10), 60 * Math.floor(i / 10), { severity: i % 4 === 0 ? 'high' : 'low' }),
  );

describe('the book of 20,000 findings of 500 cameras', () => {
  let link: Link;
  const { server, redis } = useRedis({ endFirst: () => link.close() });

  beforeAll(async () => {
    link = new Link(connect({ url: server.url }, 'producer'));
    for (let i = 0; i < CAMERAS; i++) await seedVisit(link, `cam-${i}`, marksOf(`cam-${i}`), { at: AT + i });
  }, 60_000);

  /** How many commands Redis ran meanwhile. */
  async function commandsOf(work: () => Promise<unknown>): Promise<number> {
    const count = async () => Number(/total_commands_processed:(\d+)/.exec(await redis.info('stats'))?.[1]);
    const before = await count();
    await work();
    return (await count()) - before - 1;
  }

  it('is counted without reading any of them', async () => {
    const { list } = openOn(link);
    expect(await list.counts()).toMatchObject({ toReview: 20_000, bySeverity: { high: 5_000, low: 15_000 } });
    expect(await commandsOf(() => list.counts())).toBe(1);
  });

  it('is listed by reading those that are shown', async () => {
    const { list } = openOn(link);
    const page = await list.page({}, 50);
    expect(page.items.every(({ severity }) => severity === 'high')).toBe(true);
    expect(page.items[0]).toMatchObject({ cctvId: 'cam-0' });
    expect(await commandsOf(() => list.page({}, 50))).toBeLessThanOrEqual(52);
    // Nothing of it is rejected: the whole index is looked at, a thousand at a time.
    expect(await commandsOf(() => list.page({ state: ['rejected'] }, 50))).toBeLessThanOrEqual(21);
  });

  it('goes on from page to page until each was there once', async () => {
    const { list } = openOn(link);
    const seen = new Set<string>();
    let cursor: string | undefined;
    do {
      const page = await list.page({ severity: 'high' }, 200, cursor);
      for (const { id } of page.items) seen.add(id);
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(seen.size).toBe(5_000);
  });

  it('forgets the camera that was not changed for longest beyond its bound, with all that was counted of it', async () => {
    const { book, list } = openOn(link, CAMERAS - 100);
    await book.put('cam-499', { puts: [] });
    expect((await book.cameras()).size).toBe(CAMERAS - 100);
    const { toReview, byState } = await list.counts();
    expect([toReview, byState.open]).toEqual([16_000, 16_000]);
    expect(await redis.zcard(`{${STREAM}}:findings-index`)).toBe(16_000);
    expect(await redis.hlen(`{${STREAM}}:findings-ids`)).toBe(16_000);
    expect((await redis.keys(`{${STREAM}}:findings:*`)).length).toBe(CAMERAS - 100);
  });
});

describe('on Redis Cluster', () => {
  let cluster: RedisCluster;
  let link: Link;
  beforeAll(async () => {
    cluster = await RedisCluster.start();
    link = new Link(connect({ url: cluster.url }, 'producer'));
  }, 60_000);
  afterAll(async () => {
    await link.close();
    await cluster.stop();
  });

  it('findings are noted, listed, reviewed and counted as on one server', async () => {
    const { list, desk } = openOn(link);
    for (const camera of ['a', 'b', 'c']) await seedVisit(link, camera, marksOf(camera), { at: AT });
    expect((await list.page({}, 200)).items).toHaveLength(3 * EACH);
    await desk.review(idOf('b 3'), { decision: 'reject', reason: 'shadow' }, 1, 'kim');
    expect((await list.page({ state: ['rejected'] }, 200)).items).toMatchObject([{ id: idOf('b 3'), cctvId: 'b' }]);
    expect(await list.counts()).toMatchObject({ toReview: 3 * EACH - 1, byState: { rejected: 1 } });
  });
});
