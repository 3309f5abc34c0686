import { writeFile } from 'node:fs/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Reservation } from '../../src/gemini/budget/budgets.js';
import { pacificDays } from '../../src/gemini/budget/pacific-days.js';
import type { BudgetedKey } from '../../src/gemini/budget/projects.js';
import { NoGemini } from '../../src/gemini/no-gemini.js';
import type { QuestionSubject } from '../../src/gemini/gemini.js';
import { StoppingError } from '../../src/job/errors.js';
import { eventually } from '../support/eventually.js';
import { QUESTION } from '../support/gemini-api.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import { useFolder } from '../support/use-folder.js';
import { useRedis } from '../support/use-redis.js';
import { budgetedKey } from './budget-bench.js';
import { PICTURE, questionAbout, SpreadWorker } from './spread-bench.js';

const never = new AbortController().signal;
const MODEL = QUESTION.model;

const { server: redis } = useRedis({ flush: true });
const folder = useFolder('spread', 'suite');

describe('Gemini behind several keys', () => {
  let server: GeminiServer;
  let large: QuestionSubject;
  const workers: SpreadWorker[] = [];
  // `a` has more left than `b` at first, so that it is asked first.
  const keys = [budgetedKey('a', { rpm: 100 }), budgetedKey('b', { rpm: 10 })];

  beforeAll(async () => {
    const file = folder.at('segment.mp4');
    await writeFile(file, Buffer.alloc(5_000, 'frames '));
    large = { kind: 'video', mimeType: 'video/mp4', file, bytes: 5_000 };
  });
  beforeEach(async () => {
    server = await startGeminiServer({ keys: [...keys, budgetedKey('a2', { project: 'a' })] });
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map(({ gemini }) => gemini.close()));
    await server.close();
  });

  function worker(those: readonly BudgetedKey[] = keys): SpreadWorker {
    const made = new SpreadWorker(redis.url, server, those);
    workers.push(made);
    return made;
  }

  const ask = ({ gemini }: SpreadWorker, subject: QuestionSubject = PICTURE, signal = never) =>
    gemini.ask(questionAbout(subject), signal);

  const status = (of: SpreadWorker, api_key_id: string, status: string) =>
    of.metric('llm_requests_total', { model: MODEL, api_key_id, status });

  it('answers about a picture, and counts requests, tokens, time and cost', async () => {
    const one = worker();
    const { value, tokens } = await ask(one);
    expect(value).toMatchObject({ words: expect.any(String) });
    expect(server.questions[0]?.media[0]).toMatchObject({ kind: 'inline', mimeType: 'image/jpeg' });
    expect(await status(one, 'a', 'ok')).toBe(1);
    expect(await one.metric('llm_tokens_total', { direction: 'input' })).toBe(tokens.input);
    expect(await one.metric('llm_cost_usd_total', { model: MODEL })).toBeCloseTo(
      (tokens.input * 2 + tokens.output * 10) / 1e6,
    );
    expect(await one.metric('llm_keys', { state: 'ok' })).toBe(2);
  });

  it('sends a small video within the question', async () => {
    await ask(worker(), { ...large, bytes: 900 } as QuestionSubject);
    expect(server.questions[0]?.media[0]).toMatchObject({ kind: 'inline', mimeType: 'video/mp4' });
    expect(server.uploads).toEqual([]);
  });

  it('says that a small video is gone, as of a large one, and counts no request', async () => {
    const one = worker([budgetedKey('a', { rpd: 1 })]);
    const gone = { ...large, file: folder.at('gone.mp4'), bytes: 900 } as QuestionSubject;
    await expect(ask(one, gone)).rejects.toMatchObject({ kind: 'permanent', code: 'GEMINI_VIDEO_UNREADABLE' });
    await expect(ask(one)).resolves.toBeDefined();
  });

  it('uploads a large video to the project that is asked, and deletes it', async () => {
    const steps: string[] = [];
    await worker().gemini.ask(questionAbout(large), never, (name, work) => {
      steps.push(name);
      return work();
    });
    expect(steps).toEqual(['upload', 'processing', 'answer']);
    expect(server.questions[0]?.media[0]).toMatchObject({ kind: 'uploaded' });
    expect(server.uploads).toMatchObject([{ project: 'a', bytes: 5_000, deleted: true }]);
  });

  it('deletes the upload when the question fails', async () => {
    server.fail('unavailable');
    await expect(ask(worker(), large)).rejects.toMatchObject({ code: 'GEMINI_OVERLOADED' });
    expect(server.uploads).toMatchObject([{ deleted: true }]);
  });

  it('deletes the upload when the job is stopped while Gemini thinks', async () => {
    server.fail('silent');
    const stop = new AbortController();
    const one = worker();
    const answer = expect(ask(one, large, stop.signal)).rejects.toThrow(StoppingError);
    await eventually('Gemini thinks', () => server.timesOf('a').length === 1);
    stop.abort(new StoppingError());
    await answer;
    expect(server.uploads).toMatchObject([{ deleted: true }]);
    expect(await status(one, 'a', 'aborted')).toBe(1);
  });

  it('answers although the upload cannot be deleted, and says so', async () => {
    server.fail('internal', { at: 'delete', times: 10 });
    const one = worker();
    await ask(one, large);
    expect(one.linesAbout('could not delete an upload')).toHaveLength(1);
  });

  it('goes on with the next project at a 429, and leaves the first alone for as long as it said, in all workers', async () => {
    server.fail('rate-limited', { project: 'a', retryDelaySeconds: 17 });
    const [one, other] = [worker(), worker()];
    await ask(one);
    await ask(other);
    expect([server.timesOf('a').length, server.timesOf('b').length]).toEqual([1, 2]);
    expect(await status(one, 'a', 'rate_limited')).toBe(1);
    expect(other.states.list).toMatchObject([{ id: 'a', state: 'parked' }, { state: 'ok' }]);
    const forMs = (other.states.list[0]?.until ?? 0) - Date.now();
    expect(forMs).toBeGreaterThan(10_000);
    expect(forMs).toBeLessThanOrEqual(17_000);
  });

  it('leaves a project alone for a while at a 429 that does not say for how long', async () => {
    server.fail('rate-limited', { project: 'a' });
    const one = worker();
    await ask(one);
    const { parked } = await one.budgets.look({ model: MODEL, tokens: 1 });
    expect(parked.get('a')).toBeGreaterThan(1_000);
  });

  it('leaves a project alone until midnight in Los Angeles when its day is used up', async () => {
    server.fail('day-quota', { project: 'a' });
    const one = worker();
    await ask(one);
    const { parked } = await one.budgets.look({ model: MODEL, tokens: 1 });
    const ends = Date.now() + (parked.get('a') ?? 0);
    expect(Math.abs(ends - (pacificDays(Date.now())[2] as number))).toBeLessThan(2_000);
    expect(await status(one, 'a', 'day_quota')).toBe(1);
  });

  it('retires a bad key among good ones for all workers, and each names it once', async () => {
    server.fail('bad-key', { key: 'secret-of-a', times: 10 });
    const [one, other] = [worker(), worker()];
    for (const who of [one, one, other, other]) await ask(who);
    expect([server.timesOf('a').length, server.timesOf('b').length]).toEqual([1, 4]);
    for (const who of [one, other]) {
      expect(who.linesAbout('Google refuses the key')).toMatchObject([{ keyId: 'a' }]);
      expect(await who.metric('llm_keys', { state: 'retired' })).toBe(1);
      expect(JSON.stringify(who.logged)).not.toContain('secret-of');
    }
  });

  it("tells log, health and every job why a key was refused, in Google's words", async () => {
    server.fail('leaked', { times: 10 });
    const one = worker();
    await expect(ask(one)).rejects.toMatchObject({
      message: expect.stringMatching(/a: 403 .*leaked.*b: 403 .*leaked/),
    });
    await expect(ask(worker())).rejects.toMatchObject({ message: expect.stringContaining('reported as leaked') });
    expect(one.states.list[0]?.said).toContain('reported as leaked');
    expect(one.linesAbout('Google refuses the key')[0]).toMatchObject({ reason: expect.stringContaining('leaked') });
  });

  it.each(['no-quota', 'stream-429'] as const)(
    'leaves a project alone, asks another, and says why: %s',
    async (fault) => {
      server.fail(fault, { project: 'a' });
      const one = worker();
      await ask(one);
      const { parked, said } = await one.budgets.look({ model: MODEL, tokens: 1 });
      expect(parked.has('a')).toBe(true);
      expect(said?.get('a')).toMatch(fault === 'no-quota' ? /limit 0/ : /Resource has been exhausted/);
      expect(one.linesAbout('Gemini quota exhausted')[0]).toMatchObject({ reason: said?.get('a') });
      expect([server.timesOf('a').length, server.timesOf('b').length]).toEqual([1, 1]);
    },
  );

  it('asks with the other key of a project when one is bad', async () => {
    server.fail('bad-key', { key: 'secret-of-a', times: 10 });
    const one = worker([budgetedKey('a'), budgetedKey('a2', { project: 'a' })]);
    await ask(one);
    await ask(one);
    expect(server.questions.map(({ key }) => key)).toEqual(['secret-of-a2', 'secret-of-a2']);
  });

  it('puts jobs off without an attempt when every key is bad, and asks no more', async () => {
    server.fail('bad-key', { times: 10 });
    const one = worker();
    const refusal = { kind: 'rate_limited', code: 'GEMINI_NO_BUDGET', retryAfterMs: 300_000 };
    await expect(ask(one)).rejects.toMatchObject(refusal);
    await expect(ask(worker())).rejects.toMatchObject({
      ...refusal,
      message: expect.stringMatching(/\(a\b.*; b\b.*\)/),
    });
    expect(server.requests).toHaveLength(2);
    expect(one.states.allRetired).toBe(true);
    expect(one.gemini.shutUntil).toBeGreaterThan(Date.now());
  });

  it('finds a bad key while it uploads, without counting a request', async () => {
    server.fail('bad-key', { at: 'upload', key: 'secret-of-a' });
    const one = worker([budgetedKey('a', { rpm: 1 }), budgetedKey('a2', { project: 'a', rpm: 1 })]);
    await ask(one, large);
    expect(server.timesOf('a')).toHaveLength(1);
    expect(server.uploads).toMatchObject([{ deleted: true }]);
  });

  it('passes other trouble on, and counts the request all the same', async () => {
    server.fail('unavailable');
    const one = worker([budgetedKey('b', { rpm: 1 })]);
    await expect(ask(one)).rejects.toMatchObject({ kind: 'rate_limited', code: 'GEMINI_OVERLOADED' });
    expect(await status(one, 'b', 'failed')).toBe(1);
    await expect(ask(one)).rejects.toMatchObject({ code: 'GEMINI_NO_BUDGET' });
    expect(server.timesOf('b')).toHaveLength(1);
  });

  it('passes on what Gemini refuses for good', async () => {
    server.fail('safety');
    const one = worker();
    await expect(ask(one)).rejects.toMatchObject({ kind: 'permanent' });
    expect(await status(one, 'a', 'refused')).toBe(1);
  });

  it('says when there is budget again, and that it is shut until then', async () => {
    const one = worker([budgetedKey('b', { rpm: 1 })]);
    expect(one.gemini.shutUntil).toBeUndefined();
    await ask(one);
    const error: unknown = await ask(one).catch((refusal: unknown) => refusal);
    const { retryAfterMs } = error as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_500);
    expect(Math.abs((one.gemini.shutUntil as number) - Date.now() - retryAfterMs)).toBeLessThan(1_000);
  });

  it('notices by itself that there is budget again', async () => {
    const one = worker([budgetedKey('b', { rpm: 1 })]);
    const { reservation } = await one.budgets.reserve({ model: MODEL, tokens: 1 });
    await expect(ask(one)).rejects.toMatchObject({ code: 'GEMINI_NO_BUDGET' });
    expect(one.gemini.shutUntil).toBeDefined();
    await one.budgets.giveBack(reservation as Reservation);
    await eventually('it is open', () => one.gemini.shutUntil === undefined);
    expect(server.requests).toEqual([]);
  });

  it('knows from its start on which keys others found refused', async () => {
    await worker().budgets.retire(keys[0] as BudgetedKey);
    const late = worker();
    late.gemini.start();
    await eventually('it knows', () => late.states.list[0]?.state === 'retired');
    expect(server.requests).toEqual([]);
  });

  it('takes nothing for a job that was stopped before', async () => {
    const one = worker([budgetedKey('b', { rpm: 1 })]);
    const stopped = AbortSignal.abort(new StoppingError());
    await expect(ask(one, PICTURE, stopped)).rejects.toThrow(StoppingError);
    await ask(one);
    expect(server.timesOf('b')).toHaveLength(1);
  });

  it('is off without a key, and says what to do', async () => {
    const gemini = new NoGemini();
    await expect(gemini.ask()).rejects.toMatchObject({ kind: 'permanent', code: 'GEMINI_OFF' });
    expect(gemini.shutUntil).toBeUndefined();
  });
});
