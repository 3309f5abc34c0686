import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { artifactFolder } from '../../src/artifacts/artifact-names.js';
import { FolderArtifactStore } from '../../src/artifacts/folder/folder.store.js';
import { SwiftArtifactStore } from '../../src/artifacts/swift/swift.store.js';
import { emptyMask } from '../../src/picture/mask.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { RedisVisitIndex } from '../../src/damage/memory/visits/redis-visit-index.js';
import type { Visit } from '../../src/damage/memory/visits/visit.js';
import { VisitMemory } from '../../src/damage/memory/visits/visit-memory.js';
import { visitArtifact } from '../../src/damage/memory/visits/visit-name.js';
import { filesBelow } from '../contract/open-folder.js';
import { FakeSwift } from '../support/fake-swift.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';

const STREAM = 'stream:preprocess';
const PREFIX = 'pre/';
const KEPT = 5;
const NEVER = new AbortController().signal;
const START = Date.UTC(2026, 4, 1);

const { server, redis } = useRedis({ flush: true });
const folder = useFolder('visits');
const links: Link[] = [];

afterEach(() => Promise.all(links.splice(0).map((link) => link.close())));

/** The memory as one worker has it. */
function memoryOf(mostCameras?: number): VisitMemory {
  return new VisitMemory(indexOf(mostCameras), new FolderArtifactStore(folder.path), PREFIX);
}

function indexOf(mostCameras?: number): RedisVisitIndex {
  const link = new Link(connect({ url: server.url }, 'commands'));
  links.push(link);
  return new RedisVisitIndex(link, STREAM, mostCameras);
}

const jobOf = (hour: number, cctvId = 'cam') => ({
  cctvId,
  jobId: `job-${hour}`,
  enqueuedAt: START + hour * 3_600_000,
});
const LATE = { cctvId: 'cam', jobId: 'late', enqueuedAt: START + 1e9 };

function visitOf(change: Partial<Visit> = {}): Visit {
  const masks = { drivenRoad: emptyMask(8, 8), hiddenRoad: emptyMask(8, 8), traffic: [] };
  return { at: START, light: 'day', judged: true, ...masks, sightings: [], picture: Buffer.alloc(1_000), ...change };
}

describe('the memory of visits', () => {
  it('keeps what was seen in the store, below the prefix and beside all jobs, and next to nothing in Redis', async () => {
    const cctvId = 'c'.repeat(128);
    const job = { cctvId, jobId: 'j'.repeat(128), enqueuedAt: START };
    await memoryOf().remember(job, visitOf({ picture: Buffer.alloc(500_000) }), KEPT, NEVER);
    const [file] = await filesBelow(folder.path);
    expect(file).toMatch(new RegExp(`^pre/@visits/${cctvId}/day-`));
    expect(artifactFolder(PREFIX, { ...job, cctvId: '@visits' })).not.toContain('@');
    for (const key of await redis.keys('*')) expect(await redis.memory('USAGE', key)).toBeLessThan(2_000);
    const { visits } = await memoryOf().recall({ ...job, enqueuedAt: START + 1 }, 'day', KEPT, NEVER);
    expect(visits).toEqual([visitOf({ picture: Buffer.alloc(500_000) })]);
  });

  it('has room for a cap of cameras: the one that was not seen for longest is forgotten, its pictures too', async () => {
    const memory = memoryOf(20);
    for (let i = 0; i < 60; i++) {
      await memory.remember(jobOf(0, `cam-${i}`), visitOf(), KEPT, NEVER);
      await memory.remember(jobOf(1, 'often'), visitOf(), KEPT, NEVER);
    }
    const files = await filesBelow(folder.path);
    const cameras = new Set(files.map((file) => file.split('/')[2]));
    expect([...cameras].sort()).toEqual(['often', ...Array.from({ length: 19 }, (_, i) => `cam-${41 + i}`)].sort());
    expect(files).toHaveLength(20);
    expect(await redis.keys('*')).toHaveLength(20 + 1);
  });

  it('stays bounded in Redis when 20,000 names of cameras come along', async () => {
    const index = indexOf();
    const now = Date.now();
    for (let at = 0; at < 20_000; at += 500) {
      const names = Array.from({ length: 500 }, (_, i) => `invented-${at + i}`);
      const visits = names.map((cctvId) => ({ cctvId, name: 'day:1', group: 'day:', most: KEPT, now: now + at }));
      const forgotten = await Promise.all(visits.map((visit) => index.note(visit)));
      await index.removed(forgotten.flat());
    }
    expect(await redis.zcard(`{${STREAM}}:visited-cameras`)).toBe(10_000);
    expect(await redis.dbsize()).toBeLessThanOrEqual(10_000 + 2);
    expect(await redis.scard(`{${STREAM}}:visited-forgotten`)).toBeLessThanOrEqual(10_000);
    const used = Number(/used_memory_dataset:(\d+)/.exec(await redis.info('memory'))?.[1]);
    expect(used).toBeLessThan(10_000 * 1_024);
  });

  it('remembers the same of one camera for two workers that visit it at once', async () => {
    const workers = [memoryOf(), memoryOf()];
    const visits = Array.from({ length: 12 }, (_, hour) => hour);
    // Every job is delivered to both.
    await Promise.all(
      workers.flatMap((worker) =>
        visits.map((hour) => worker.remember(jobOf(hour), visitOf({ at: hour }), KEPT, NEVER)),
      ),
    );
    for (const worker of workers) {
      const recalled = await worker.recall(LATE, 'day', KEPT, NEVER);
      expect(recalled.visits.map(({ at }) => at)).toEqual([11, 10, 9, 8, 7]);
      expect(recalled.kept).toBe(KEPT);
    }
    // A visit that was pushed out while its other worker noted it again goes with the next one.
    await workers[0]!.remember(jobOf(12), visitOf(), KEPT, NEVER);
    expect(await filesBelow(folder.path)).toHaveLength(KEPT);
  });

  it('removes later what the store could not remove at once', async () => {
    const memory = memoryOf();
    for (let hour = 0; hour < KEPT; hour++) await memory.remember(jobOf(hour), visitOf(), KEPT, NEVER);
    // A worker that dies between the two steps.
    const noted = { cctvId: 'cam', name: 'day:9', group: 'day:', most: 1, now: Date.now() };
    expect(await indexOf().note(noted)).toHaveLength(KEPT);
    expect(await filesBelow(folder.path)).toHaveLength(KEPT);
    await memory.remember(jobOf(KEPT), visitOf(), KEPT, NEVER);
    expect(await filesBelow(folder.path)).toHaveLength(1);
  });

  it('forgets a camera that nobody looked at for ninety days', async () => {
    await memoryOf().remember(jobOf(0, 'old'), visitOf(), KEPT, NEVER);
    await redis.zadd(`{${STREAM}}:visited-cameras`, Date.now() - 91 * 86_400_000, 'old');
    await memoryOf().remember(jobOf(0), visitOf(), KEPT, NEVER);
    expect((await filesBelow(folder.path)).map((file) => file.split('/')[2])).toEqual(['cam']);
  });

  it('gives back what earlier versions kept of a camera in Redis', async () => {
    const old = `{${STREAM}}:visits:cam`;
    await redis.hset(old, '000000000000001:x', Buffer.alloc(100_000));
    expect(await memoryOf().recall(LATE, 'day', KEPT, NEVER)).toEqual({ visits: [], kept: 0 });
    await memoryOf().remember(jobOf(0), visitOf(), KEPT, NEVER);
    expect(await redis.exists(old)).toBe(0);
  });

  it('does not keep what is too large, and reads nothing that has become so', async () => {
    const memory = memoryOf();
    const large = visitOf({ picture: Buffer.alloc(5 * 1024 * 1024) });
    await expect(memory.remember(jobOf(0), large, KEPT, NEVER)).rejects.toThrow('at most are kept');
    expect(await filesBelow(folder.path)).toEqual([]);
    for (const hour of [0, 1]) await memory.remember(jobOf(hour), visitOf({ at: hour }), KEPT, NEVER);
    const [first] = await filesBelow(folder.path);
    const content = { contentType: '', source: () => Buffer.alloc(5 * 1024 * 1024) };
    await new FolderArtifactStore(folder.path).put(first!, content, NEVER);
    expect((await stat(folder.at(first!))).size).toBe(5 * 1024 * 1024);
    expect((await memory.recall(LATE, 'day', KEPT, NEVER)).visits.map(({ at }) => at)).toEqual([1]);
  });

  it('works with Swift, too', async () => {
    const fake = await FakeSwift.start();
    const memory = new VisitMemory(indexOf(), new SwiftArtifactStore(fake.settings('visits')), PREFIX);
    for (let hour = 0; hour < KEPT + 2; hour++) await memory.remember(jobOf(hour), visitOf({ at: hour }), KEPT, NEVER);
    expect((await memory.recall(LATE, 'day', KEPT, NEVER)).visits.map(({ at }) => at)).toEqual([6, 5, 4, 3, 2]);
    expect([...fake.objects.keys()].every((name) => name.startsWith('visits/pre/@visits/cam/day-'))).toBe(true);
    expect(fake.objects.size).toBe(KEPT);
    await fake.stop();
  });

  it('is not waited for when the store says nothing', async () => {
    await memoryOf().remember(jobOf(0), visitOf(), KEPT, NEVER);
    const sockets: Socket[] = [];
    const silent = createServer((socket) => void sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const fake = await FakeSwift.start();
    const authUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const store = new SwiftArtifactStore({ ...fake.settings('visits'), authUrl });
    const memory = new VisitMemory(indexOf(), store, PREFIX, 50);
    await expect(memory.recall(LATE, 'day', KEPT, NEVER)).rejects.toThrow('took longer than');
    await expect(memory.remember(jobOf(1), visitOf(), KEPT, NEVER)).rejects.toThrow('took longer than');
    await fake.stop();
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
});

describe('the artifact of a visit', () => {
  it('stays below its folder whatever the camera is called', () => {
    for (const cctvId of ['..', '.', 'a/b', '@visits', '카메라']) {
      const parts = visitArtifact(PREFIX, cctvId, 'day:1').split('/');
      expect(parts).toHaveLength(4);
      expect(parts[2]).toMatch(/^[A-Za-z0-9._~%-]+$/);
      expect(['.', '..']).not.toContain(parts[2]);
    }
  });
});
