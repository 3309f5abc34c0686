import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { InvalidJobError } from '../../src/job/errors.js';
import { eventsKey, isEnd } from '../../src/queue/status/job-note.js';
import { dataOf, type NewEvent } from '../../src/events/road-event.js';
import { eventually } from '../support/eventually.js';
import { openSocket, rawText } from '../support/raw-http.js';
import { SseReader } from '../support/sse-reader.js';
import { useRedis } from '../support/use-redis.js';
import { ASSESSMENTS, EventsApp, INSPECTIONS } from './events-app.js';

const { server, redis } = useRedis({ flush: true, endFirst: () => app.stop() });
const readers: SseReader[] = [];
let app: EventsApp;

beforeEach(async () => {
  app = await EventsApp.start(server.url, { SSE_CLIENTS_MAX: '250' });
});

afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await app.stop();
});

async function listen(query = '', headers: Record<string, string> = {}): Promise<SseReader> {
  const reader = await SseReader.open(`${app.url}/api/v1/events${query}`, headers);
  readers.push(reader);
  return reader;
}

/** A listener that is told of what comes from now on. */
async function live(query = ''): Promise<SseReader> {
  const reader = await listen(query);
  await isLive(reader);
  return reader;
}

/** Tells until the listener hears: then it hears all. */
async function isLive(reader: SseReader): Promise<void> {
  await eventually('it listens', async () => {
    await app.tell({ type: 'queue.changed', data: { kind: 'probe' } });
    return reader.events.length > 0;
  });
  await settled(reader);
  reader.events.length = 0;
}

/** Waits until all is told that was told so far. */
async function settled(reader: SseReader, main = INSPECTIONS): Promise<void> {
  const [newest] = await redis.xrevrange(eventsKey(main), '+', '-', 'COUNT', 1);
  const at = main === INSPECTIONS ? 0 : 1;
  await eventually('all is told', () => reader.lastId?.split('~')[at] === newest?.[0]);
}

function job(type: NewEvent['type'], jobId: string, data: object = {}, cctvId = 'cam'): NewEvent {
  return { type, jobId, cctvId, data: { jobId, kind: 'inspection', cctvId, ...data } };
}

/** Jobs that a reader was told of, in order. */
const jobsOf = ({ events }: SseReader): unknown[] => events.map(({ data }) => data['jobId']);

describe('those who listen', () => {
  it('are told every event, in order, 200 of them at once over one connection to Redis', async () => {
    const first = await live('?types=job.completed,queue.changed');
    const others = await Promise.all(Array.from({ length: 199 }, () => listen('?types=job.completed')));
    await eventually('all listen', () => app.streams.size === 200);
    // Whoever joins reads what it missed since it was answered by itself.
    const wanted = Array.from({ length: 300 }, (_, i) => `j${i}`);
    for (const jobId of wanted) await app.tell(job('job.completed', jobId));
    for (const reader of [first, ...others]) {
      await reader.first('the last', ({ data }) => data['jobId'] === 'j299');
    }
    for (const reader of [first, ...others]) expect(jobsOf(reader).filter(Boolean)).toEqual(wanted);
    const list = String(await redis.client('LIST'));
    expect(list.match(/name=roadstream:reader/g)).toHaveLength(1);
  }, 60_000);

  it('hear of all kinds, with ids of all their streams, and nothing holds a connection when they have left', async () => {
    const reader = await live();
    await app.tell(job('job.completed', 'a'), ASSESSMENTS);
    await app.tell(job('job.failed', 'b', { failure: { code: 'HLS_TIMEOUT' } }));
    await reader.count(2);
    expect(new Set(jobsOf(reader))).toEqual(new Set(['a', 'b']));
    expect(reader.events.at(-1)?.id).toMatch(/^\d+-\d+~\d+-\d+$/);
    expect(reader.headers).toMatchObject({
      'content-type': expect.stringContaining('text/event-stream'),
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(reader.retryMs).toBe(2_000);
    reader.close();
    await eventually('the reader has hung up', async () => {
      return !String(await redis.client('LIST')).includes('name=roadstream:reader');
    });
  });

  it('choose by type and by camera', async () => {
    const reader = await live('?types=job.completed,queue.changed');
    const other = await listen('?cctvId=cam-2');
    await eventually('both listen', () => app.streams.size === 2);
    await app.tell(job('job.started', 'a', {}, 'cam-2'));
    await app.tell(job('job.completed', 'b'));
    await app.tell(job('job.completed', 'c', {}, 'cam-2'));
    await reader.count(2);
    await other.count(2);
    expect(jobsOf(reader)).toEqual(['b', 'c']);
    expect(jobsOf(other)).toEqual(['a', 'c']);
  });

  it.each(['?types=job.exploded', '?cctvId=a/b', '?lastEventId=yesterday', '?lastEventId=1-1&lastEventId=2-2'])(
    'are told what is wrong with %s',
    async (query) => {
      const reader = await listen(query);
      expect(reader.status).toBe(400);
    },
  );

  it('are told a progress of each job once a second, the newest, and none that something else made old', async () => {
    const reader = await live('?types=job.progress,job.completed,queue.changed');
    for (let i = 1; i <= 40; i += 1) await app.tell(job('job.progress', 'a', { progress: i / 100 }));
    await app.tell(job('job.progress', 'b', { progress: 0.1 }));
    await reader.first('the newest', ({ data }) => data['progress'] === 0.4);
    await app.tell(job('job.progress', 'a', { progress: 0.5 }));
    await app.tell(job('job.completed', 'a'));
    await reader.first('the end', ({ type }) => type === 'job.completed');
    // The next second of job b is over: what was held back of job a would have come.
    await app.tell(job('job.progress', 'b', { progress: 0.2 }));
    await reader.first('the second of b', ({ data }) => data['jobId'] === 'b' && data['progress'] === 0.2);
    const ofA = reader.events
      .filter(({ data }) => data['jobId'] === 'a')
      .map(({ type, data }) => [type, data['progress']]);
    expect(ofA).toEqual([
      ['job.progress', 0.01],
      ['job.progress', 0.4],
      ['job.completed', undefined],
    ]);
  });

  it('are dropped when they leave 64 KB unread, and no more than that is kept for them', async () => {
    const held = { most: 0 };
    app.http.on('connection', (socket) => {
      socket.on('close', () => clearInterval(timer));
      const timer = setInterval(() => (held.most = Math.max(held.most, socket.writableLength)), 1);
    });
    const reader = await live();
    const deaf = openSocket(app.url);
    deaf.on('error', () => undefined);
    deaf.write(rawText(app.url, '/api/v1/events'));
    await eventually('it listens', () => app.streams.size === 2);
    deaf.pause();
    const large = 'x'.repeat(20_000);
    await eventually('it is dropped', async () => {
      for (let i = 0; i < 20; i += 1) await app.tell(job('job.failed', `j${i}`, { message: large }));
      return app.streams.size === 1;
    });
    expect(held.most).toBeLessThan(64 * 1024 + 100 * 21_000);
    // Who reads is not.
    await app.tell(job('job.completed', 'last'));
    await reader.first('the last', ({ data }) => data['jobId'] === 'last');
    deaf.destroy();
  });

  it('are sent away with 503 and a time to come back when there are too many', async () => {
    await app.stop();
    app = await EventsApp.start(server.url, { SSE_CLIENTS_MAX: '2' });
    await listen();
    const second = await listen();
    const third = await listen();
    expect(third.status).toBe(503);
    expect(third.headers['retry-after']).toBe('5');
    second.close();
    await eventually('there is room', async () => {
      const reader = await listen();
      return reader.status === 200;
    });
  });

  it('are said goodbye to when the service stops', async () => {
    const reader = await live();
    await app.stop();
    await reader.over();
    app = await EventsApp.start(server.url);
  });

  it('are answered a HEAD at once', async () => {
    const response = await fetch(`${app.url}/api/v1/events`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(app.streams.size).toBe(0);
  });
});

describe('those who come back', () => {
  it('are told what they missed, once and in order, by the header or the query', async () => {
    const reader = await live();
    await app.tell(job('job.completed', 'a'));
    await reader.count(1);
    reader.close();
    const missed = Array.from({ length: 450 }, (_, i) => `m${i}`);
    for (const jobId of missed) await app.tell(job('job.completed', jobId));
    await app.tell(job('job.completed', 'other'), ASSESSMENTS);
    const byHeader = await listen('', { 'Last-Event-ID': reader.lastId ?? '' });
    const byQuery = await listen(`?lastEventId=${reader.lastId ?? ''}`);
    await app.tell(job('job.completed', 'z'));
    for (const again of [byHeader, byQuery]) {
      await again.first('the last', ({ data }) => data['jobId'] === 'z');
      await again.count(452);
      const jobs = jobsOf(again);
      expect(jobs.filter((id) => id !== 'other')).toEqual([...missed, 'z']);
      expect(jobs.filter((id) => id === 'other')).toHaveLength(1);
    }
  });

  it('are sent what they missed at their own pace, however much it is, and are not dropped for it', async () => {
    const reader = await live();
    await app.tell(job('job.completed', 'a'));
    await reader.count(1);
    reader.close();
    const message = 'x'.repeat(2_000);
    const entry = ['type', 'job.completed', 'jobId', 'm', 'cctvId', 'cam', 'data', JSON.stringify({ message })];
    for (let i = 0; i < 4_000; i += 500) {
      const adding = redis.pipeline();
      for (let k = 0; k < 500; k += 1) adding.xadd(eventsKey(INSPECTIONS), '*', ...entry);
      await adding.exec();
    }
    await app.tell(job('job.completed', 'last'));
    const slow = openSocket(app.url);
    slow.write(rawText(app.url, '/api/v1/events', { headers: { 'Last-Event-ID': reader.lastId } }));
    let seen = 0;
    let text = '';
    slow.on('data', (piece: Buffer) => {
      text = text.slice(-200) + piece.toString();
      seen += piece.length;
      slow.pause();
      setTimeout(() => slow.resume(), 1);
    });
    await eventually('the last of it', () => text.includes('"last"'), 25_000);
    expect(seen).toBeGreaterThan(4_000 * 2_000);
    expect(app.streams.size).toBe(1);
    slow.destroy();
  });

  it('are told a resync, once, when what they missed was trimmed', async () => {
    const reader = await live();
    await app.tell(job('job.completed', 'a'));
    await reader.count(1);
    reader.close();
    for (let i = 0; i < 20; i += 1) await app.tell(job('job.completed', `m${i}`));
    await redis.xtrim(eventsKey(INSPECTIONS), 'MAXLEN', 5);
    const again = await listen('', { 'Last-Event-ID': reader.lastId ?? '' });
    await again.first('the resync', ({ type }) => type === 'resync');
    await isLive(again);
    await app.tell(job('job.completed', 'z'));
    await again.count(1);
    expect(jobsOf(again)).toEqual(['z']);
  });

  it.each(['1-1', '1-1~1-1~1-1', '99999999999999-0~0-0'])('are told a resync with an id of no use: %s', async (id) => {
    const again = await listen('', { 'Last-Event-ID': id });
    const { id: place } = await again.first('the resync', ({ type }) => type === 'resync');
    expect(place).toMatch(/^\d+-\d+~\d+-\d+$/);
    await isLive(again);
  });

  it('are told a resync after FLUSHALL, and so are those who stayed, also when ids go back', async () => {
    const stayed = await live();
    await redis.xadd(eventsKey(INSPECTIONS), '99999999999999-0', 'type', 'job.completed', 'jobId', 'a', 'data', '{}');
    await stayed.count(1);
    const left = stayed.lastId ?? '';
    await redis.flushall();
    await app.tell(job('job.completed', 'lower'));
    await stayed.first('the resync', ({ type }) => type === 'resync');
    await isLive(stayed);
    const again = await listen('', { 'Last-Event-ID': left });
    await again.first('the resync', ({ type }) => type === 'resync');
    await app.tell(job('job.completed', 'z'));
    for (const reader of [stayed, again]) await reader.first('what comes', ({ data }) => data['jobId'] === 'z');
    expect(stayed.events.filter(({ type }) => type === 'resync')).toHaveLength(0);
  });
});

describe('the stream of one job', () => {
  /** The job as its route would read it. */
  let known: { jobId: string; state: string; version: number } | undefined;
  let reading: () => Promise<void>;

  beforeEach(async () => {
    known = { jobId: 'j', state: 'running', version: 3 };
    reading = async () => undefined;
    await app.stop();
    app = await EventsApp.start(server.url, {}, (request: Request, response: Response) =>
      app.streams.open(request, response, {
        filter: (event) => event.kind === 'inspection' && event.jobId === 'j',
        snapshot: async () => {
          await reading();
          const data = known;
          if (data === undefined) return undefined;
          return { type: 'job.state', data, covers: (event) => Number(dataOf(event)['version']) <= data.version };
        },
        endAfter: (type, data) => isEnd(type) || data['state'] === 'completed',
      }),
    );
  });

  async function open(headers: Record<string, string> = {}): Promise<SseReader> {
    const reader = await SseReader.open(`${app.url}/job`, headers);
    readers.push(reader);
    return reader;
  }

  it('begins with its state, misses nothing that happens while that is read, and ends with the job', async () => {
    reading = async () => {
      await app.tell(job('job.progress', 'j', { version: 3, progress: 0.3 }));
      await app.tell(job('job.progress', 'j', { version: 4, progress: 0.4 }));
      await app.tell(job('job.completed', 'another'));
    };
    const reader = await open();
    await reader.count(2);
    await app.tell(job('job.completed', 'j', { version: 5 }));
    await reader.over();
    expect(reader.events.map(({ type, data }) => [type, data['version']])).toEqual([
      ['job.state', 3],
      ['job.progress', 4],
      ['job.completed', 5],
    ]);
  });

  it('is its last state alone when it has ended', async () => {
    known = { jobId: 'j', state: 'completed', version: 9 };
    const reader = await open();
    await reader.over();
    expect(reader.events.map(({ type, data }) => [type, data['state']])).toEqual([['job.state', 'completed']]);
  });

  it('tells the end to who comes back later, and then 204, so that a browser comes no more', async () => {
    const reader = await open();
    await reader.count(1);
    reader.close();
    await app.tell(job('job.completed', 'j', { version: 4 }));
    known = { jobId: 'j', state: 'completed', version: 4 };
    const again = await open({ 'Last-Event-ID': reader.lastId ?? '' });
    await again.over();
    expect(again.events.map(({ type }) => type)).toEqual(['job.completed']);
    const third = await open({ 'Last-Event-ID': again.lastId ?? '' });
    expect(third.status).toBe(204);
  });

  it('ends when nothing is known of the job any more', async () => {
    const reader = await open();
    await reader.count(1);
    known = undefined;
    await app.tell(job('job.progress', 'j', { version: 4 }));
    await reader.count(2);
    await redis.flushall();
    await reader.over();
    expect(reader.events.at(-1)?.type).toBe('resync');
    known = { jobId: 'j', state: 'running', version: 3 };
    reading = async () => {
      throw new InvalidJobError('JOB_UNKNOWN', 'No.');
    };
    const again = await open();
    await again.over();
    expect(again.events).toEqual([]);
  });

  it('tells the state anew after a resync', async () => {
    const reader = await open();
    await reader.count(1);
    await app.tell(job('job.progress', 'j', { version: 4 }));
    await reader.count(2);
    known = { jobId: 'j', state: 'running', version: 7 };
    await redis.flushall();
    await reader.count(4);
    expect(reader.events.slice(2).map(({ type, data }) => [type, data['version']])).toEqual([
      ['resync', undefined],
      ['job.state', 7],
    ]);
  });
});
