import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { HealthIndicatorService } from '@nestjs/terminus';
import type { BudgetStanding } from '../../src/gemini/budget/budgets.js';
import { KeyStates } from '../../src/gemini/key-states.js';
import { GeminiHealth } from '../../src/health/gemini.health.js';
import { Service } from '../support/service.js';
import { useRedis } from '../support/use-redis.js';
import { BudgetBench, budgetedKey } from './budget-bench.js';

const CLI = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const KEYS = [budgetedKey('a'), budgetedKey('b')];

function healthAfter(standing: Partial<BudgetStanding>) {
  const states = new KeyStates(KEYS, ['m']);
  states.see('m', 1, { opensInMs: 0, parked: new Map(), retired: new Set(), ...standing });
  return new GeminiHealth(new HealthIndicatorService(), states).check();
}

describe('the health of Gemini', () => {
  it('is up while every key works', () => {
    expect(healthAfter({})).toEqual({ gemini: { status: 'up', keys: 2 } });
  });

  it('is up while budgets are used up, which is no illness', () => {
    expect(healthAfter({ opensInMs: 60_000 })).toMatchObject({ gemini: { status: 'up' } });
  });

  it('is degraded while a project waits or a key was refused, and names them', () => {
    const { gemini } = healthAfter({ parked: new Map([['a', 5_000]]), retired: new Set(['b']) });
    expect(gemini).toMatchObject({
      status: 'degraded',
      message: expect.stringMatching(/Key a waits.*Key b was refused/),
    });
  });

  it("repeats Google's words", () => {
    const said = new Map([['b', '403 Your API key was reported as leaked.']]);
    expect(healthAfter({ retired: new Set(['b']), said })).toMatchObject({
      gemini: { message: 'Key b was refused (403 Your API key was reported as leaked.): correct or remove it.' },
    });
  });

  it('is down when every key was refused, and names them', () => {
    const { gemini } = healthAfter({ opensInMs: undefined, retired: new Set(['a', 'b']) });
    expect(gemini).toMatchObject({ status: 'down', message: expect.stringContaining('a, b') });
  });
});

const { server } = useRedis();

describe('the service', () => {
  const doctor = async (environment: Record<string, string>): Promise<string> => {
    const env = { PATH: process.env.PATH, REDIS_URL: server.url, ...environment };
    const run = promisify(execFile)(process.execPath, [CLI, 'doctor'], { env });
    return run.then(
      ({ stdout }) => stdout,
      (failed: unknown) => (failed as { stdout: string }).stdout,
    );
  };

  it('says in health that Gemini is off without a key', async () => {
    const service = await Service.start({ REDIS_URL: server.url });
    expect(await service.json('/health')).toMatchObject({
      details: { gemini: { status: 'up', message: 'off: no GEMINI_API_KEY' } },
    });
    expect(await service.stop()).toBe(0);
  });

  it('is up with keys, shows them in metrics, and stops as ever', async () => {
    const service = await Service.start({ REDIS_URL: server.url, GEMINI_API_KEYS: 'key-one,key-two' });
    expect(await service.json('/health')).toMatchObject({ details: { gemini: { status: 'up', keys: 2 } } });
    expect(await service.metric('llm_keys{state="ok"}')).toBe(2);
    expect(await service.stop()).toBe(0);
    expect(service.output).not.toMatch(/key-one|key-two/);
  });

  it('says in doctor that Gemini is off, or how many keys there are and which were refused', async () => {
    expect(await doctor({})).toMatch(/warn {2}gemini +Off: no GEMINI_API_KEY/);
    const budgets = new BudgetBench(server);
    await budgets.worker(KEYS).retire(KEYS[0] as (typeof KEYS)[0], 'API key expired');
    await budgets.close();
    const said = await doctor({ GEMINI_API_KEYS: JSON.stringify(KEYS) });
    expect(said).toMatch(/ok {4}gemini +2 key\(s\) in 2 project\(s\)/);
    expect(said.match(/refused key a lately \(API key expired\)/g)).toHaveLength(1);
    expect(said).not.toContain('secret-of');
  });
});
