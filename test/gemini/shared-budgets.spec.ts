import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { BudgetedKey } from '../../src/gemini/budget/projects.js';
import { eventually } from '../support/eventually.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import { GROUP, testStreams, type TestStreams } from '../support/test-engine.js';
import { useRedis } from '../support/use-redis.js';
import { budgetedKey } from './budget-bench.js';
import type { WorkerPlan } from './worker-process.js';

const WORKER = fileURLToPath(new URL('./worker-process.js', import.meta.url));
const JOBS = 30;
const PER_MINUTE = 5;
/** Google's minute, shortened for a test. */
const MINUTE_MS = 2_000;

const { server: redisServer, redis } = useRedis({ flush: true });

describe('two workers and three keys under budgets of five requests a minute', () => {
  let server: GeminiServer;
  const workers: ChildProcess[] = [];

  afterEach(async () => {
    await Promise.all(workers.splice(0).map(ended));
    await server.close();
  });

  async function ended(worker: ChildProcess): Promise<void> {
    const exit = once(worker, 'exit');
    worker.kill('SIGTERM');
    await exit;
  }

  function start(streams: TestStreams, keys: readonly BudgetedKey[]): void {
    const plan: WorkerPlan = {
      redis: redisServer.url,
      gemini: server.url,
      streams,
      keys,
      windowMs: MINUTE_MS,
      marginMs: 50,
    };
    workers.push(spawn(process.execPath, [WORKER, JSON.stringify(plan)], { stdio: ['ignore', 'inherit', 'inherit'] }));
  }

  async function allDone({ stream }: TestStreams): Promise<boolean> {
    const groups = (await redis.xinfo('GROUPS', stream)) as (string | number)[][];
    const group = groups.find((fields) => fields.includes(GROUP));
    const valueOf = (name: string) => group?.[group.indexOf(name) + 1];
    return valueOf('pending') === 0 && valueOf('lag') === 0;
  }

  /** Enqueues all jobs, then starts two workers, and waits until there is nothing left to do. */
  async function runJobs(keys: readonly BudgetedKey[]): Promise<void> {
    server = await startGeminiServer({ keys, perMinute: PER_MINUTE, minuteMs: MINUTE_MS });
    const streams = testStreams();
    for (let i = 0; i < JOBS; i += 1) await redis.xadd(streams.stream, '*', 'jobId', `job-${i}`);
    start(streams, keys);
    start(streams, keys);
    await eventually('all jobs are done', () => allDone(streams).catch(() => false), 60_000);
    expect(await redis.exists(streams.dlq)).toBe(0);
  }

  const each = (projects: readonly string[]) =>
    ['a', 'b', 'c'].map((id, i) => budgetedKey(id, { project: projects[i] as string, rpm: PER_MINUTE }));

  it.each([
    { named: 'of three projects', projects: ['p', 'q', 'r'] },
    { named: 'two of them of one project', projects: ['p', 'p', 'q'] },
  ])(
    'never ask more of a project, lose no job and judge none twice: keys $named',
    async ({ projects }) => {
      await runJobs(each(projects));
      for (const project of new Set(projects)) expect(server.mostPerMinute(project)).toBe(PER_MINUTE);
      const judged = server.questions.map(({ prompt }) => prompt).sort();
      expect(judged).toEqual(Array.from({ length: JOBS }, (_, i) => `job-${i}`).sort());
      // What was allowed is all that was asked: nobody was refused.
      const asked = [...new Set(projects)].flatMap((project) => server.timesOf(project));
      expect(asked).toHaveLength(JOBS);
    },
    90_000,
  );
});
