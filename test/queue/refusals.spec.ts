import { derivedKey } from '../../src/redis/derived-key.js';
import { readdir, readFile, rm } from 'node:fs/promises';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { diagnoseRedis } from '../../src/queue/diagnose/diagnose.js';
import { aclOf, producerRights, rightsFor } from '../../src/queue/diagnose/rights.js';
import type { Engine } from '../../src/worker/engine.js';
import { heldBack, isClaiming } from '../../src/worker/engine.js';
import { eventually } from '../support/eventually.js';
import { GROUP, testEngine, testQueue, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';

const JOBS = 12;

const { server, redis } = useRedis();

describe('a Redis that answers and refuses', () => {
  let streams: TestStreams;
  let engine: Engine;
  const runs: string[] = [];

  afterEach(async () => {
    await engine.worker.drain();
    await engine.queue.close();
    runs.length = 0;
  });

  /** A worker whose jobs publish what they found. */
  async function start(): Promise<void> {
    streams = testStreams();
    engine = testEngine(testQueue(server.url, streams), async ({ jobId }, run) => {
      runs.push(`${jobId} ${run.attempt}`);
      run.publish({ jobId });
    });
    engine.worker.start();
    await eventually('it looks', () =>
      redis.exists(derivedKey(streams.stream, `tick:${GROUP}`)).then((is) => is === 1),
    );
  }

  async function add(count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `j${i}`);
  }

  /** Breaks, has jobs come meanwhile, waits for the word, repairs: in the end all ran once and are published once. */
  async function withstands(breaks: () => Promise<unknown>, repairs: () => Promise<unknown>, words: RegExp) {
    await start();
    await breaks();
    await add(JOBS).catch(() => undefined);
    const [sentence] = await eventually('the word', () => {
      const found = heldBack(engine);
      return found.some((text) => words.test(text)) ? found : undefined;
    });
    expect(sentence).not.toContain('cannot be reached');
    expect(isClaiming(engine)).toBe(false);
    // What is done and cannot be settled waits in hand, and no more is taken than that.
    expect(engine.inHand.size).toBeLessThanOrEqual(engine.pool.limit + 2);
    await repairs();
    const missing = JOBS - (await redis.xlen(streams.stream));
    await add(missing);
    await eventually('all are settled', async () => {
      const [{ pending, lag } = { pending: 1, lag: 1 }] = (await engine.queue.stats()).lanes.slice(-1);
      return pending + lag + engine.inHand.size === 0;
    });
    await eventually('all is well', () => heldBack(engine).length === 0);
    expect(runs.length).toBe(JOBS);
    expect(runs.every((run) => run.endsWith(' 1'))).toBe(true);
    expect(await redis.xlen(streams.results)).toBe(JOBS);
    expect(await redis.xlen(streams.dlq)).toBe(0);
  }

  const acl = (...rules: string[]): Promise<unknown> => redis.call('ACL', 'SETUSER', 'default', ...rules);

  it('by the wrong type of the results stream: finished jobs wait in hand and are published once', () =>
    withstands(
      () => redis.set(streams.results, 'words'),
      () => redis.del(streams.results),
      /wait in hand.*refuses X\w+ on \S+:results \(WRONGTYPE.*rename or delete it/,
    ));

  it('at each look, not at the first alone, so that nobody is told by turns that all is well', async () => {
    await start();
    // One that has not looked yet.
    const queue = testQueue(server.url, streams);
    await queue.open();
    await acl('-XPENDING');
    for (let look = 0; look < 3; look += 1) {
      await expect(queue.releaseStrays([])).rejects.toThrow('refuses XPENDING');
    }
    await acl('+XPENDING');
    expect(await queue.releaseStrays([])).toBe(0);
    await queue.close();
  });

  it.each([
    ['XACK', /refuses XACK on \S+ \(.*ACL SETUSER/],
    ['XREADGROUP', /refuses XREADGROUP on .*ACL SETUSER/],
    ['XPENDING', /refuses XPENDING on \S+ .*ACL SETUSER/],
    ['HMGET', /refuses HMGET on \S+:tick:workers .*ACL SETUSER/],
    ['ZRANGE', /refuses ZRANGE on \S+:cancelled:workers .*ACL SETUSER/],
    ['EVALSHA', /refuses EVALSHA on .*ACL SETUSER/],
  ])('by a right to %s that is taken away and given back', (command, words) =>
    withstands(
      () => acl(`-${command}`),
      () => acl(`+${command}`),
      words,
    ),
  );

  it.each(['tick', 'cancelled'])('by the wrong type of the key %s', (name) => {
    const key = () => derivedKey(streams.stream, `${name}:${GROUP}`);
    return withstands(
      async () => {
        await redis.del(key());
        await redis.rpush(key(), 'words');
      },
      () => redis.del(key()),
      new RegExp(`refuses \\w+ on \\S+:${name}:workers \\(WRONGTYPE`),
    );
  });

  it('by being full', () =>
    withstands(
      () => redis.config('SET', 'maxmemory', '1'),
      () => redis.config('SET', 'maxmemory', '0'),
      /refuses \w+ on .*\(OOM .*raise its maxmemory/,
    ));

  it('by a disk that it cannot save to', async () => {
    const [, folder = ''] = await redis.config('GET', 'dir');
    const failed = async () => (await redis.info('persistence')).includes('rdb_last_bgsave_status:err');
    await withstands(
      async () => {
        await redis.config('SET', 'save', '3600 1');
        await rm(folder, { recursive: true });
        await redis.bgsave();
        await eventually('a save failed', failed);
      },
      () => redis.config('SET', 'save', ''),
      /refuses \w+ on .*\(MISCONF .*make room there/,
    );
  });

  it('by being a replica', () =>
    withstands(
      () => redis.replicaof('127.0.0.1', 1),
      () => redis.replicaof('NO', 'ONE'),
      /refuses \w+ on .*\(READONLY .*name the master/,
    ));
});

describe('the rights that are published', () => {
  const namesOf = (stream: string, group: string) => ({
    lanes: [`${stream}:high`, stream],
    ...{ dlq: `${stream}:dlq`, results: `${stream}:results`, group },
  });
  const names = namesOf('stream:preprocess', GROUP);
  const rights = rightsFor(true, [names]);
  const settings = () => ({ url: server.url, username: 'least', password: 'p' });

  async function failures(): Promise<string[]> {
    const found = await diagnoseRedis(settings(), rights, [names]);
    return found.filter(({ level }) => level === 'fail').map(({ message }) => message);
  }

  beforeAll(async () => {
    await redis.flushall();
    await redis.call('ACL', 'SETUSER', 'least', 'on', '>p', ...aclOf(rights).split(' '));
  });

  it('are those of the page about Redis', async () => {
    const page = await readFile(new URL('../../../docs/redis.md', import.meta.url), 'utf8');
    const text = page.replace(/ \\\n +/g, ' ');
    const queues = [namesOf('stream:preprocess', 'workers'), namesOf('stream:assess', 'assessors')];
    for (const published of [rightsFor(true, queues), rightsFor(false, queues), producerRights(queues)]) {
      expect(text).toContain(`on >password ${aclOf(published)}\n`);
    }
  });

  it('hold every command that a script of ours calls, and no other', async () => {
    const source = new URL('../../../src/', import.meta.url);
    const files = (await readdir(source, { recursive: true })).filter(
      (file) => /\.(lua|ts)$/.test(file) && !file.endsWith('.spec.ts'),
    );
    const texts = await Promise.all(files.map((file) => readFile(new URL(file, source), 'utf8')));
    const called = (texts[0] === undefined ? [] : texts).flatMap((text) =>
      [...text.matchAll(/redis\.p?call\('(\w+)'(?:, *'(\w+)')?/g)].map(([, name = '', sub]) =>
        (['XINFO', 'XGROUP'].includes(name) ? `${name}|${sub ?? ''}` : name).toLowerCase(),
      ),
    );
    expect(rights.commands).toEqual(expect.arrayContaining([...new Set(called)]));
    const all = texts.join('\n').toLowerCase();
    for (const command of rights.commands) expect(all).toMatch(new RegExp(`\\b${command.split('|').at(-1) ?? ''}`));
  });

  it('are enough for doctor', async () => expect(await failures()).toEqual([]));

  it.each(rights.commands)('are missed by doctor without %s, which it names', async (command) => {
    await redis.call('ACL', 'SETUSER', 'least', `-${command}`);
    const name = command.toUpperCase().replace('|', ' ');
    expect(await failures()).toContain(`${name} is refused: "ACL SETUSER <user> +${command}" allows it.`);
    await redis.call('ACL', 'SETUSER', 'least', `+${command}`);
  });

  it.each(rights.keys)('are missed by doctor without keys like %s, which it names', async (pattern) => {
    const others = rights.keys.filter((key) => key !== pattern).map((key) => `~${key}`);
    await redis.call('ACL', 'SETUSER', 'least', 'resetkeys', ...others);
    expect(await failures()).toContain(
      `Keys like ${pattern} are refused: "ACL SETUSER <user> ~${pattern}" allows them.`,
    );
    await redis.call('ACL', 'SETUSER', 'least', `~${pattern}`);
  });

  it.each([
    ['results', 'stream:preprocess:results', 'XLEN'],
    ['dead letters', 'stream:preprocess:dlq', 'XLEN'],
    ['breakers', '{stream:preprocess}:breakers:workers', 'HLEN'],
    ['workers', '{stream:preprocess}:workers', 'HLEN'],
    ['events', '{stream:preprocess}:events', 'XLEN'],
    ['cameras', '{stream:preprocess:results}:cameras', 'ZCARD'],
  ])('let doctor see that the key of the %s has the wrong type', async (_what, key, probe) => {
    await redis.set(key, 'words');
    expect((await failures()).join('\n')).toMatch(new RegExp(`refuses ${probe} on \\S+ \\(WRONGTYPE`));
    await redis.del(key);
  });

  it('let doctor see that Redis is full, or a replica', async () => {
    await redis.config('SET', 'maxmemory', '1');
    expect((await failures()).join('\n')).toContain('raise its maxmemory');
    await redis.config('SET', 'maxmemory', '0');
    await redis.replicaof('127.0.0.1', 1);
    expect((await failures()).join('\n')).toContain('This is a replica');
    await redis.replicaof('NO', 'ONE');
  });

  it('let doctor tell a wrong password from a Redis that is away', async () => {
    const [found] = await diagnoseRedis({ ...settings(), password: 'other' }, rights, [names]);
    expect(found).toMatchObject({
      level: 'fail',
      message: expect.stringMatching(/^Redis answers, but refuses AUTH.*correct/),
    });
  });
});
