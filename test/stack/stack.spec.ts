import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROOT } from '../../demo/places.js';
import { isAlive, living, running } from '../../demo/processes.js';
import { stackSet } from '../../stack/places.js';
import { readStackFile, type StackFile } from '../../stack/stack-file.js';
import { eventually } from '../support/eventually.js';

/** No time for jobs in hand: a worker that stops gives all of them back. */
const ENVIRONMENT = { ...process.env, SHUTDOWN_GRACE_SECONDS: '0', INIT_CWD: ROOT };

interface Ran {
  code: number | null;
  output: string;
}

/** A command as people type it. */
class Command {
  output = '';
  readonly ended: Promise<Ran>;

  constructor(...words: string[]) {
    const child: ChildProcess = spawn('npm', ['run', '--silent', ...words], { cwd: ROOT, env: ENVIRONMENT });
    child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((resolve) => child.once('close', (code) => resolve({ code, output: this.output })));
  }
}

const npm = (...words: string[]): Promise<Ran> => new Command(...words).ended;

describe('the stack', () => {
  let started: Ran;
  let stack: StackFile;

  beforeAll(async () => {
    if (running(stackSet())) throw new Error('A stack runs in this checkout: end it first, with npm run stop.');
    started = await npm('stack', '--', '--stub');
    stack = readStackFile()!;
  }, 180_000);

  afterAll(() => npm('stop'), 60_000);

  it('is all up when the command returns, and says where', async () => {
    expect(started).toMatchObject({ code: 0 });
    const { redis, api, roadstream, prometheus, alertmanager } = stack;
    for (const url of [redis, api, prometheus, alertmanager, ...Object.values(roadstream)]) {
      expect(started.output).toContain(url);
    }
    expect(Object.keys(roadstream)).toEqual(['api', 'worker-1', 'worker-2', 'background']);
    expect(living(stackSet()).map(({ role }) => role)).toEqual(
      expect.arrayContaining(['stack', 'redis', 'api', 'worker-1', 'worker-2', 'background', 'prometheus']),
    );
  });

  it('is found well by doctor, part by part', async () => {
    await eventually('every process is scraped', () => allUp(stack), 30_000);
    const { code, output } = await npm('doctor', '--', '--stack');
    expect({ code, output }).toEqual({ code: 0, output: expect.not.stringContaining('FAIL') });
    for (const part of ['redis', ...Object.keys(stack.roadstream), 'prometheus', 'targets', 'alerts', 'alertmanager']) {
      expect(output).toMatch(new RegExp(`^ok +${part} `, 'm'));
    }
  }, 60_000);

  it('is not started twice', async () => {
    expect(await npm('stack')).toEqual({ code: 1, output: expect.stringContaining(stack.api) });
  });

  it('loses, doubles and fails no job of any format, and spends no attempt, while its workers are started anew', async () => {
    const before = pidsOf('worker');
    const load = new Command('check:load', '--', '--stub', '--duration', '20', '--rate', '40');
    await eventually('jobs are under way', () => /[1-9]\d* sent/.test(load.output), 60_000);
    expect(await npm('stack', '--', '--roll')).toMatchObject({ code: 0 });
    const { code, output } = await load.ended;
    expect({ code, output }).toEqual({ code: 0, output: expect.stringMatching(/^Passed/m) });
    expect(output).toMatch(/^jobs: (?:[4-9]\d\d|\d{4}) accepted in 26 formats, .* [1-9]\d* of them watched a road$/m);
    expect(pidsOf('worker').filter((pid) => before.includes(pid))).toEqual([]);
    const logs = ['worker-1', 'worker-2'].map((role) => readFileSync(`${ROOT}/.stack/logs/${role}.log`, 'utf8'));
    expect(logs.join('')).toContain('"outcome":"release"');
  }, 180_000);

  it('has nothing left when it is stopped', async () => {
    const was = living(stackSet());
    const { code, output } = await npm('stop');
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('The stack has ended.') });
    expect(was.filter(isAlive)).toEqual([]);
    expect(living(stackSet())).toEqual([]);
    for (const file of ['processes', 'stack.json', 'url']) expect(existsSync(`${ROOT}/.stack/${file}`)).toBe(false);
    for (const url of [stack.api, stack.prometheus, stack.alertmanager, stack.sample]) {
      await expect(fetch(url)).rejects.toThrow();
    }
    expect(await npm('doctor', '--', '--stack')).toMatchObject({
      code: 1,
      output: expect.stringContaining('npm run stack'),
    });
  }, 90_000);
});

function pidsOf(role: string): number[] {
  return living(stackSet()).flatMap((listed) => (listed.role.startsWith(role) ? [listed.pid] : []));
}

async function allUp({ prometheus }: StackFile): Promise<boolean> {
  const answer = await fetch(`${prometheus}/api/v1/targets?state=active`);
  const { data } = (await answer.json()) as { data: { activeTargets: { health: string }[] } };
  return data.activeTargets.every(({ health }) => health === 'up');
}
