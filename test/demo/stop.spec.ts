import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { useFolder } from '../support/use-folder.js';

const SCRIPT = join(import.meta.dirname, '..', '..', '..', 'scripts', 'stop.sh');

const NOTHING = 'Neither a demo nor a stack is running.';

const checkout = useFolder('checkout');
let child: ChildProcess;

beforeEach(async () => {
  await mkdir(checkout.at('scripts'));
  await mkdir(checkout.at('.demo'));
  await copyFile(SCRIPT, checkout.at('scripts', 'stop.sh'));
  child = spawn('sleep', ['600'], { stdio: 'ignore' });
});

afterEach(async () => {
  child.kill('SIGKILL');
});

function stop(): string {
  const { status, stdout, stderr } = spawnSync('bash', [checkout.at('scripts', 'stop.sh')], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.trim();
}

const list = (line: string): Promise<void> => writeFile(checkout.at('.demo', 'processes'), `${line}\n`);

/** As /proc tells it: field 22 of stat. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  return stat.split(') ').at(-1)!.split(' ')[19]!;
}

describe('npm run stop', () => {
  it('does nothing when nothing runs', () => {
    expect(stop()).toBe(NOTHING);
  });

  // The list is checked against a process's start time, which this test reads from /proc.
  (existsSync('/proc/self') ? it : it.skip)('ends a process of the list', async () => {
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    await list(`redis ${child.pid!} ${await startOf(child.pid!)}`);
    // Reaping is ours, so the script must not wait for us: spawnSync would block the loop that reaps.
    const script = spawn('bash', [checkout.at('scripts', 'stop.sh')], { stdio: 'ignore' });
    await new Promise((resolve) => script.once('exit', resolve));
    expect(await ended).toBe('SIGTERM');
    expect(existsSync(checkout.at('.demo', 'processes'))).toBe(false);
  });

  (existsSync('/proc/self') ? it : it.skip)('ends what a killed stack left behind', async () => {
    const ended = new Promise((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    await mkdir(checkout.at('.stack'));
    await writeFile(
      checkout.at('.stack', 'processes'),
      `stack 1 1\nworker-1 ${child.pid!} ${await startOf(child.pid!)}\n`,
    );
    const script = spawn('bash', [checkout.at('scripts', 'stop.sh')], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    script.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise((resolve) => script.once('close', resolve));
    expect(await ended).toBe('SIGTERM');
    expect(said).toBe('The stack has ended.\n');
  });

  it('lets a process live that only has the pid of one that ended', async () => {
    await list(`redis ${child.pid!} 12345`);
    expect(stop()).toBe(NOTHING);
    expect(child.exitCode).toBeNull();
    expect(child.signalCode).toBeNull();
  });

  it('cleans a list up that cannot be read', async () => {
    await list('nonsense');
    expect(stop()).toBe(NOTHING);
  });
});
