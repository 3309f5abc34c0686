import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Redis } from 'ioredis';
import { makeThrowawayCertificate } from '../../src/capture/proxy/throwaway-certificate.js';
import { PermanentStepError, TransientStepError } from '../../src/job/errors.js';
import { eventually } from '../support/eventually.js';
import { NOBODY } from '../support/nobody.js';
import type { HeldWorker } from '../support/held-worker.js';
import { freePort, RedisServer } from '../support/redis-server.js';
import { GROUP, pendingOf, testStreams, type TestStreams } from '../support/test-engine.js';
import { useFolder } from '../support/use-folder.js';
import { useHeldWorkers } from '../support/use-held-workers.js';
import { useRedis } from '../support/use-redis.js';

const { server, redis } = useRedis();
const { start } = useHeldWorkers(server);
const directory = useFolder('tls', 'suite');

describe('trouble with Redis', () => {
  /** A worker with one job behind it and one in hand. */
  async function startBusy(): Promise<HeldWorker> {
    const worker = start();
    await add(worker, 'first');
    await worker.hasRun('first');
    await add(worker, 'held');
    await worker.hasRun('held');
    return worker;
  }

  async function add({ streams }: HeldWorker, jobId: string): Promise<void> {
    await redis.xadd(streams.stream, '*', 'jobId', jobId);
  }

  const settled = async (worker: HeldWorker): Promise<boolean> =>
    (await pendingOf(redis, worker.streams)) === 0 && worker.inHand === 0;

  const allSettled = (worker: HeldWorker): Promise<unknown> =>
    eventually('nothing is pending', () => settled(worker), 20_000);

  it('sends its scripts again when Redis forgot them, and nobody notices', async () => {
    const worker = await startBusy();
    await redis.script('FLUSH');
    worker.end('held');
    await add(worker, 'second');
    await worker.hasRun('second');
    await allSettled(worker);
    expect(worker.lost).toEqual([]);
  });

  it('goes on after FLUSHALL, and puts a job in hand that fails back into the empty Redis', async () => {
    const worker = await startBusy();
    await redis.flushall();
    worker.end('held', new TransientStepError('HLS_TIMEOUT', 'Too slow.'));
    await add(worker, 'second');
    await worker.hasRun('second');
    await eventually('the job in hand ran again', () => worker.ran.filter((id) => id === 'held').length === 2);
    worker.end('held');
    await allSettled(worker);
    expect(worker.lost).toEqual([]);
  });

  it('makes a destroyed group anew and does not run twice at once what it has in hand', async () => {
    const worker = await startBusy();
    await redis.xgroup('DESTROY', worker.streams.stream, GROUP);
    await add(worker, 'second');
    await worker.hasRun('second');
    worker.end('held');
    await allSettled(worker);
    expect(worker.ran.filter((id) => id === 'held')).toHaveLength(1);
    expect(worker.lost).toEqual([]);
  });

  it('survives that any of its connections is killed, at rest and at work', async () => {
    const worker = await startBusy();
    for (let round = 0; round < 3; round += 1) {
      for (const id of await ownConnections(redis)) {
        await redis.client('KILL', 'ID', id);
        await add(worker, `after-${id}`);
        await worker.hasRun(`after-${id}`);
      }
    }
    worker.end('held');
    await allSettled(worker);
    expect(new Set(worker.ran).size).toBe(worker.ran.length);
    await eventually('it says each time that it goes on', () => worker.backs === worker.lost.length);
  });

  it('waits while Redis is out of memory, says so once, and then settles what it had in hand', async () => {
    const worker = await startBusy();
    await redis.config('SET', 'maxmemory', '1');
    worker.end('held', new PermanentStepError('HLS_NOT_FOUND', 'The camera is gone.'));
    await eventually('the outage', () => worker.lost.length > 0);
    expect(await redis.xlen(worker.streams.dlq)).toBe(0);
    await redis.config('SET', 'maxmemory', '0');
    await allSettled(worker);
    expect(await redis.xlen(worker.streams.dlq)).toBe(1);
    await add(worker, 'second');
    await worker.hasRun('second');
    await eventually('it says that it goes on', () => worker.backs === 1);
    expect(worker.lost).toEqual([expect.stringMatching(/refuses \w+ on .*\(OOM /)]);
  });

  it('waits while Redis is a replica that takes no writes, says so once, and goes on', async () => {
    const worker = await startBusy();
    await redis.replicaof(NOBODY.host, NOBODY.port);
    worker.end('held');
    await eventually('the outage', () => worker.lost.length > 0);
    await redis.replicaof('NO', 'ONE');
    await allSettled(worker);
    await add(worker, 'second');
    await worker.hasRun('second');
    await eventually('it says that it goes on', () => worker.backs === 1);
    expect(worker.lost).toHaveLength(1);
  });

  it('stops in time while Redis takes no writes', async () => {
    const worker = await startBusy();
    await redis.replicaof(NOBODY.host, NOBODY.port);
    await eventually('the outage', () => worker.lost.length > 0);
    worker.end('held');
    await worker.stop();
    await redis.replicaof('NO', 'ONE');
    await eventually('it is down', async () => (await ownConnections(redis)).length === 0);
  });

  it('says what to do about a key that is no stream, once, and starts when it is gone', async () => {
    const streams = testStreams();
    await redis.set(streams.stream, 'words');
    const worker = start({ streams });
    await eventually('the outage', () => worker.lost.length > 0);
    await redis.del(streams.stream);
    await add(worker, 'first');
    await worker.hasRun('first');
    expect(worker.lost).toEqual([
      expect.stringMatching(
        /^Redis answers, but refuses XINFO GROUPS on \S+ \(WRONGTYPE .*rename or delete it, or name/,
      ),
    ]);
    expect(worker.lost[0]).toContain(streams.stream);
    await eventually('it says that it goes on', () => worker.backs === 1);
  });

  it('says the same when a key stops being a stream while it waits for jobs', async () => {
    const worker = await startBusy();
    await redis.set(worker.streams.stream, 'words');
    await eventually('the outage', () => worker.lost.length > 0);
    await redis.del(worker.streams.stream);
    worker.end('held');
    await add(worker, 'second');
    await worker.hasRun('second');
    await allSettled(worker);
    expect(worker.lost).toEqual([
      expect.stringMatching(/refuses XREADGROUP on [^,]+ \(WRONGTYPE|refuses \w+ on [^,]+ \(WRONGTYPE/),
    ]);
  });

  it('says so of the dead-letter stream before a job is there to be set aside', async () => {
    const streams = testStreams();
    await redis.set(streams.dlq, 'words');
    const worker = start({ streams });
    await eventually('the outage', () => worker.lost.length > 0);
    expect(worker.lost).toEqual([expect.stringContaining(`refuses XLEN on ${streams.dlq} (WRONGTYPE`)]);
    await redis.del(streams.dlq);
    await eventually('it says that it goes on', () => worker.backs === 1);
  });

  it('logs in by user and password with no more rights than it needs, and waits until they are right', async () => {
    const streams = testStreams();
    const rights = '+@connection +@stream +@scripting +@transaction +client +info +time +exists +set +del';
    const keys = `~${streams.stream}*`;
    const groupKeys = '+@hash +@sortedset +@list +@set +pexpire';
    await redis.call('ACL', 'SETUSER', 'worker', 'on', '>old', keys, ...`${rights} ${groupKeys}`.split(' '));
    const worker = start({ redis: { url: server.url, username: 'worker', password: 'new' }, streams });
    await eventually('the outage', () => worker.lost.length > 0);
    await redis.call('ACL', 'SETUSER', 'worker', '>new');
    await add(worker, 'first');
    await worker.hasRun('first');
    await allSettled(worker);
    expect(worker.lost).toEqual([expect.stringContaining('WRONGPASS')]);
  });

  it('waits while Redis loads its data', async () => {
    const slow = await RedisServer.start(
      '--key-load-delay',
      '20000',
      '--loading-process-events-interval-bytes',
      '1024',
    );
    const client = slow.client();
    const streams = testStreams();
    for (let i = 0; i < 100; i += 1) await client.set(`ballast-${i}`, 'x'.repeat(100));
    const worker = start({ redis: slow.url, streams });
    await eventually('it is ready', async () => (await client.exists(streams.stream)) === 1);
    await client.xadd(streams.stream, '*', 'jobId', 'before');
    await worker.hasRun('before');
    await client.save();
    await slow.down('SIGKILL');
    await slow.up();
    await client.xadd(streams.stream, '*', 'jobId', 'after');
    await worker.hasRun('after');
    await eventually('it says that it goes on', () => worker.backs === 1);
    expect(worker.lost).toHaveLength(1);
    await worker.stop();
    await slow.stop();
  });

  describe('with TLS', () => {
    let secured: RedisServer;
    let url: string;
    const pem = (name: string): string => directory.at(name);

    beforeAll(async () => {
      const { cert, key } = makeThrowawayCertificate('localhost', new Date());
      await writeFile(pem('cert.pem'), cert);
      await writeFile(pem('key.pem'), key);
      const port = await freePort();
      url = `rediss://localhost:${port}`;
      const files = ['--tls-cert-file', pem('cert.pem'), '--tls-key-file', pem('key.pem')];
      const options = ['--tls-port', `${port}`, '--tls-ca-cert-file', pem('cert.pem'), '--tls-auth-clients', 'no'];
      secured = await RedisServer.start(...options, ...files);
    });
    afterAll(() => secured.stop());

    it('runs jobs when it trusts the server, leases and all', async () => {
      const client = secured.client();
      const worker = start({ redis: { url, tlsCaFile: pem('cert.pem') } });
      await client.xadd(worker.streams.stream, '*', 'jobId', 'held');
      await worker.hasRun('held');
      const renewed = async (): Promise<boolean> => Number((await idleTimes(client, worker.streams))[0]) < 200;
      await eventually('its lease grows old', async () => !(await renewed()));
      await eventually('its lease is renewed', renewed);
      worker.end('held');
      await eventually('it is settled', () => worker.inHand === 0);
      expect(worker.lost).toEqual([]);
      await worker.stop();
    });

    it('sends nothing to a server that it cannot trust, and says why', async () => {
      const worker = start({ redis: { url } });
      await eventually('the outage', () => worker.lost.length > 0);
      expect(worker.lost).toEqual([expect.stringMatching(/self-signed certificate/)]);
      await worker.stop();
    });
  });
});

/** The ids of the connections that workers hold: reader, commands, and the lease thread's. */
async function ownConnections(redis: Redis): Promise<string[]> {
  const list = String(await redis.client('LIST'));
  return list
    .split('\n')
    .filter((line) => line.includes(' name=roadstream:'))
    .map((line) => /^id=(\d+)/.exec(line)?.[1] as string);
}

async function idleTimes(redis: Redis, { stream }: TestStreams): Promise<number[]> {
  const rows = (await redis.xpending(stream, GROUP, '-', '+', 10)) as [string, string, number][];
  return rows.map(([, , idleMs]) => idleMs);
}
