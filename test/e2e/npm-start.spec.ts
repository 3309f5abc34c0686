import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { freePort, RedisServer } from '../support/redis-server.js';

const CHECKOUT = join(import.meta.dirname, '..', '..', '..');

describe('npm start', () => {
  let redis: RedisServer;
  let folder: string;
  let port: number;
  let npm: ChildProcess;

  beforeAll(async () => {
    redis = await RedisServer.start();
    folder = await mkdtemp(join(tmpdir(), 'roadstream-checkout-'));
    await mkdir(join(folder, 'scripts'));
    await copyFile(join(CHECKOUT, 'package.json'), join(folder, 'package.json'));
    await copyFile(join(CHECKOUT, 'scripts', 'start.sh'), join(folder, 'scripts', 'start.sh'));
    // What it would install and build is here already.
    await writeFile(join(folder, 'scripts', 'setup.sh'), 'exit 0\n');
    for (const name of ['dist', 'node_modules']) await symlink(join(CHECKOUT, name), join(folder, name));
    port = await freePort();
    await writeFile(join(folder, '.env'), `REDIS_URL=${redis.url}\nPORT=${port}\nHOST=127.0.0.1\nLOG_PRETTY=false\n`);
  });
  afterEach(() => void npm.kill('SIGKILL'));
  afterAll(async () => {
    await redis.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('hands SIGTERM on: the service drains and ends, npm with it, and nothing is left', async () => {
    let output = '';
    const env = { PATH: process.env['PATH'], HOME: folder };
    npm = spawn('npm', ['start', '--no-update-notifier'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    npm.stdout?.on('data', (chunk) => (output += String(chunk)));
    await eventually('it is up', () => output.includes('roadstream is up'), 60_000);
    const ended = once(npm, 'exit');
    npm.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(output).toContain('all jobs in hand have ended');
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow('fetch failed');
    expect(await redis.client().xinfo('CONSUMERS', 'stream:preprocess', 'workers')).toEqual([]);
  }, 90_000);
});
