import { JobProducer } from '../../src/queue/job-producer.js';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { segmentPath } from '../../src/job/segment.js';
import { Repeating } from '../../src/lib/repeating.js';
import { connect } from '../../src/redis/connection.js';
import { Link } from '../../src/redis/link.js';
import { InspectionSchedule } from '../../src/schedule/inspection-schedule.js';
import type { IsUrgent } from '../../src/schedule/lane-of.js';
import { SegmentSchedule } from '../../src/schedule/segment-schedule.js';
import { offsetOf } from '../../src/schedule/slots-due.js';
import { toFields } from '../../src/redis/fields.js';
import { eventually } from '../support/eventually.js';
import { RedisServer } from '../support/redis-server.js';
import { GROUP, testStreams, type TestStreams } from '../support/test-engine.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';

const LENGTH_MS = 600_000;
const START_MS = Date.UTC(2026, 0, 10, 10);
const NEVER = new AbortController().signal;

const neverUrgent: IsUrgent = async () => false;

const byName: IsUrgent = async (cctvId) => {
  if (cctvId === 'unknown') throw new Error('the ledger is away');
  return cctvId === 'risky';
};

const { server, redis } = useRedis();
const directory = useFolder('schedule');

describe('the schedule', () => {
  let streams: TestStreams;
  const links: Link[] = [];

  beforeEach(async () => {
    streams = testStreams();
  });

  afterEach(() => Promise.all(links.splice(0).map((link) => link.close())));

  function producer(): JobProducer {
    const link = new Link(connect({ url: server.url }, 'producer'));
    links.push(link);
    const names = { lanes: [streams.high, streams.stream], dlq: streams.dlq, group: GROUP };
    return new JobProducer(link, names);
  }

  function segments(cameras: string[], isUrgent: IsUrgent = neverUrgent, catchUp = 3): SegmentSchedule {
    return new SegmentSchedule(
      { cameras, directory: directory.path, lengthMs: LENGTH_MS, catchUp },
      producer(),
      isUrgent,
      () => undefined,
    );
  }

  async function record(cctvId: string, startMs: number): Promise<void> {
    await mkdir(directory.at(cctvId), { recursive: true });
    await writeFile(directory.at(segmentPath(cctvId, startMs)), 'video');
  }

  async function jobs(stream = streams.stream): Promise<Record<string, string>[]> {
    const entries = await redis.xrange(stream, '-', '+');
    return entries.map(([, fields]) => toFields(fields));
  }

  it('makes a job of a segment that was recorded, once it is over', async () => {
    await record('cam_1', START_MS);
    const schedule = segments(['cam_1']);
    await schedule.tick(START_MS + LENGTH_MS - 1, NEVER);
    expect(await jobs()).toEqual([]);
    await schedule.tick(START_MS + LENGTH_MS, NEVER);
    expect(await jobs()).toEqual([
      {
        cctvId: 'cam_1',
        segmentStart: '2026-01-10T10:00:00.000Z',
        segmentEnd: '2026-01-10T10:10:00.000Z',
        video: 'cam_1/20260110T100000Z.mp4',
        enqueuedAt: String(START_MS + LENGTH_MS),
      },
    ]);
  });

  it('makes one job of it, however many replicas look and however often', async () => {
    await record('cam_1', START_MS);
    const replicas = [segments(['cam_1']), segments(['cam_1']), segments(['cam_1'])];
    for (const second of [0, 5, 700]) {
      await Promise.all(replicas.map((replica) => replica.tick(START_MS + LENGTH_MS + second * 1_000, NEVER)));
    }
    await segments(['cam_1']).tick(START_MS + 2 * LENGTH_MS, NEVER);
    expect(await jobs()).toHaveLength(1);
  });

  it('makes a job of a segment that comes late, and none of one that never comes', async () => {
    const schedule = segments(['cam_1', 'cam_2']);
    await schedule.tick(START_MS + LENGTH_MS, NEVER);
    await record('cam_1', START_MS);
    await schedule.tick(START_MS + LENGTH_MS + 60_000, NEVER);
    expect((await jobs()).map(({ cctvId }) => cctvId)).toEqual(['cam_1']);
  });

  it('makes up for no more segments than it is told to after it was down', async () => {
    for (let n = 0; n < 20; n += 1) await record('cam_1', START_MS + n * LENGTH_MS);
    await segments(['cam_1'], neverUrgent, 3).tick(START_MS + 20 * LENGTH_MS, NEVER);
    const starts = (await jobs()).map(({ segmentStart }) => segmentStart);
    expect(starts).toEqual([16, 17, 18, 19].map((n) => new Date(START_MS + n * LENGTH_MS).toISOString()));
  });

  it('puts cameras at risk first, and waits for no risk that cannot be told', async () => {
    for (const cctvId of ['risky', 'calm', 'unknown']) await record(cctvId, START_MS);
    await segments(['risky', 'calm', 'unknown'], byName).tick(START_MS + LENGTH_MS, NEVER);
    expect((await jobs(streams.high)).map(({ cctvId }) => cctvId)).toEqual(['risky']);
    expect((await jobs()).map(({ cctvId }) => cctvId)).toEqual(['calm', 'unknown']);
  });

  it('survives a Redis that is away, and makes up for it', async () => {
    const own = await RedisServer.start();
    const link = new Link(connect({ url: own.url }, 'producer', 50));
    links.push(link);
    const names = { lanes: ['high', 'plain'], dlq: 'dlq', group: GROUP };
    const through = new JobProducer(link, names);
    const settings = { cameras: ['cam_1'], directory: directory.path, lengthMs: LENGTH_MS, catchUp: 3 };
    const schedule = new SegmentSchedule(settings, through, neverUrgent, () => undefined);
    const heard: string[] = [];
    await own.down('SIGKILL');
    await record('cam_1', START_MS);
    const events = { failed: () => heard.push('failed'), recovered: () => heard.push('recovered') };
    const ticking = new Repeating((signal) => schedule.tick(START_MS + LENGTH_MS, signal), { everyMs: 50, events });
    ticking.start();
    await eventually('it failed', () => heard.includes('failed'));
    await own.up();
    await eventually('it recovered', () => heard.includes('recovered'));
    await ticking.stop();
    expect(heard).toEqual(['failed', 'recovered']);
    expect(await own.client().xlen('plain')).toBe(1);
    await link.close();
    await own.stop();
  });

  describe('of inspections', () => {
    const EVERY_MS = 600_000;
    const camera = { cctvId: 'cam_1', hls: 'http://cam/a.m3u8', everyMs: EVERY_MS, seconds: 20 };
    const stroke = START_MS + offsetOf('cam_1', EVERY_MS);

    const inspections = (): InspectionSchedule =>
      new InspectionSchedule([camera], producer(), neverUrgent, () => undefined);

    it('makes one job for each stroke of the clock, whoever looks', async () => {
      const [one, two] = [inspections(), inspections()];
      for (const now of [stroke - 1, stroke, stroke + 5_000, stroke + EVERY_MS + 1_000]) {
        await Promise.all([one.tick(now, NEVER), two.tick(now, NEVER)]);
      }
      expect(await jobs()).toEqual([
        { cctvId: 'cam_1', hls: camera.hls, sec: '20', attempt: '0', enqueuedAt: String(stroke) },
        { cctvId: 'cam_1', hls: camera.hls, sec: '20', attempt: '0', enqueuedAt: String(stroke + EVERY_MS + 1_000) },
      ]);
    });

    it('makes up for none that was missed', async () => {
      const schedule = inspections();
      await schedule.tick(stroke + 61_000, NEVER);
      expect(await jobs()).toEqual([]);
      await schedule.tick(stroke + 5 * EVERY_MS, NEVER);
      expect(await jobs()).toHaveLength(1);
    });
  });
});
