import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { freePort } from '../support/redis-server.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';

const CHECKOUT = join(import.meta.dirname, '..', '..', '..');

const { server, redis } = useRedis();
const folder = useFolder('checkout', 'suite');

describe('npm start', () => {
  let port: number;
  let npm: ChildProcess;

  beforeAll(async () => {
    await mkdir(folder.at('scripts'));
    await copyFile(join(CHECKOUT, 'package.json'), folder.at('package.json'));
    await copyFile(join(CHECKOUT, 'scripts', 'start.sh'), folder.at('scripts', 'start.sh'));
    // What it would install and build is here already.
    await writeFile(folder.at('scripts', 'setup.sh'), 'exit 0\n');
    for (const name of ['dist', 'node_modules']) await symlink(join(CHECKOUT, name), folder.at(name));
    port = await freePort();
    await writeFile(folder.at('.env'), `REDIS_URL=${server.url}\nPORT=${port}\nHOST=127.0.0.1\nLOG_PRETTY=false\n`);
  });
  afterEach(() => void npm.kill('SIGKILL'));

  it('hands SIGTERM on: the service drains and ends, npm with it, and nothing is left', async () => {
    let output = '';
    const env = { PATH: process.env['PATH'], HOME: folder.path };
    npm = spawn('npm', ['start', '--no-update-notifier'], {
      cwd: folder.path,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    npm.stdout?.on('data', (chunk) => (output += String(chunk)));
    await eventually('it is up', () => output.includes('roadstream is up'), 60_000);
    const ended = once(npm, 'exit');
    npm.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(output).toContain('all jobs in hand have ended');
    await expect(fetch(`http://127.0.0.1:${port}/health/live`)).rejects.toThrow('fetch failed');
    expect(await redis.xinfo('CONSUMERS', 'stream:preprocess', 'workers')).toEqual([]);
  }, 90_000);
});
