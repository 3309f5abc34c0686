import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GeminiApi } from '../../src/gemini/gemini-api.js';
import { BadKeyError, QuotaError } from '../../src/gemini/gemini-errors.js';
import { GUESSED_DELAY_MS } from '../../src/gemini/failure/explain.js';
import { untilMidnightPacific } from '../../src/gemini/failure/midnight.js';
import { JobError } from '../../src/job/errors.js';
import { eventually } from '../support/eventually.js';
import { geminiApiAt, geminiKey, QUESTION } from '../support/gemini-api.js';
import type { FaultKind, FaultOptions } from '../support/gemini-server/faults.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';

const SECRET = 'AIzaSecret-that-nobody-may-see';
const KEY = geminiKey(SECRET, 'one');

let server: GeminiServer;
let api: GeminiApi;

beforeEach(async () => {
  server = await startGeminiServer({ keys: [{ key: SECRET, project: 'one' }], models: ['gemini-x'] });
  api = geminiApiAt(server);
});
afterEach(() => server.close());

const never = new AbortController().signal;
const ask = (signal = never, question = QUESTION) => api.generateJson(KEY, question, signal);

/** The error of a question when this goes wrong. */
async function errorOf(kind: FaultKind, options: FaultOptions = {}): Promise<JobError> {
  server.fail(kind, options);
  return caught(ask());
}

async function caught(work: Promise<unknown>): Promise<JobError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof JobError)) throw new Error(`no error of ours: ${inspect(error)}`);
  expect(inspect(error, { depth: null })).not.toContain(SECRET);
  expect(error.step).toBe('gemini');
  return error;
}

describe('a question to Gemini', () => {
  it('shows the picture and the schema, and gets the JSON with its tokens', async () => {
    const { value, tokens } = await ask();
    expect(value).toEqual({ score: 50, words: expect.stringContaining('도로 상태 양호') });
    expect(tokens.input).toBeGreaterThan(258);
    expect(tokens.output).toBeGreaterThan(5);
    expect(server.questions).toEqual([
      expect.objectContaining({ model: 'gemini-x', prompt: QUESTION.prompt, schema: QUESTION.schema, streamed: true }),
    ]);
    expect(server.questions[0]?.media).toEqual([
      { kind: 'inline', mimeType: 'image/jpeg', bytes: Buffer.from('a picture') },
    ]);
    // No sampling and no thinking: what the model does by itself is what it was tuned for.
    expect(Object.keys(server.questions[0]?.config ?? {})).toEqual(['responseMimeType', 'responseSchema']);
  });

  it('waits as long as a 429 says', async () => {
    const error = await errorOf('rate-limited', { retryDelaySeconds: 17 });
    expect(error).toBeInstanceOf(QuotaError);
    expect(error).toMatchObject({ code: 'GEMINI_RATE_LIMITED', kind: 'rate_limited', retryAfterMs: 17_000 });
  });

  it('guesses when a 429 does not say how long', async () => {
    expect(await errorOf('rate-limited')).toMatchObject({ retryAfterMs: GUESSED_DELAY_MS });
  });

  it('waits until midnight in Los Angeles when the quota of the day is used up, whatever delay Google adds', async () => {
    const error = (await errorOf('day-quota')) as QuotaError;
    expect(error).toMatchObject({ code: 'GEMINI_DAY_QUOTA', message: expect.stringContaining('one') });
    // Asked a moment later.
    expect(error.retryAfterMs - untilMidnightPacific(Date.now())).toBeLessThan(10_000);
    expect(error.retryAfterMs - untilMidnightPacific(Date.now())).toBeGreaterThanOrEqual(0);
  });

  it.each<FaultKind>(['bad-key', 'suspended'])('names a key by its id when it does not work: %s', async (fault) => {
    const error = await errorOf(fault);
    expect(error).toBeInstanceOf(BadKeyError);
    expect(error.message).toContain('id-of-one');
  });

  it('names a key that no header can hold, without asking', async () => {
    const key = { ...KEY, key: `${SECRET}-키` };
    expect(await caught(api.generateJson(key, QUESTION, never))).toMatchObject({ code: 'GEMINI_BAD_KEY' });
    expect(server.requests).toEqual([]);
  });

  it.each<[FaultKind, string, string]>([
    ['unavailable', 'GEMINI_OVERLOADED', 'rate_limited'],
    ['stream-503', 'GEMINI_OVERLOADED', 'rate_limited'],
    ['bare-503', 'GEMINI_OVERLOADED', 'rate_limited'],
    ['stream-429', 'GEMINI_RATE_LIMITED', 'rate_limited'],
    ['no-quota', 'GEMINI_NO_QUOTA', 'rate_limited'],
    ['listed-429', 'GEMINI_RATE_LIMITED', 'rate_limited'],
    ['empty-stop', 'GEMINI_NO_ANSWER', 'transient'],
    ['empty-text', 'GEMINI_NO_ANSWER', 'transient'],
    ['all-thought', 'GEMINI_TRUNCATED', 'transient'],
    ['internal', 'GEMINI_UNAVAILABLE', 'transient'],
    ['reset', 'GEMINI_UNREACHABLE', 'transient'],
    ['cut', 'GEMINI_CUT_OFF', 'transient'],
    ['ends-early', 'GEMINI_CUT_OFF', 'transient'],
    ['max-tokens', 'GEMINI_TRUNCATED', 'transient'],
    ['recitation', 'GEMINI_NO_ANSWER', 'transient'],
    ['invalid-json', 'GEMINI_NOT_JSON', 'transient'],
    ['safety', 'GEMINI_REFUSED', 'permanent'],
    ['prohibited', 'GEMINI_REFUSED', 'permanent'],
    ['blocked', 'GEMINI_REFUSED', 'permanent'],
    ['bad-request', 'GEMINI_BAD_REQUEST', 'permanent'],
    ['no-model', 'GEMINI_MODEL_MISSING', 'permanent'],
  ])('tells %s apart: %s, %s', async (fault, code, kind) => {
    expect(await errorOf(fault)).toMatchObject({ code, kind });
    // Once, and the next is as good as ever.
    expect(server.requests).toHaveLength(1);
    expect(await ask()).toMatchObject({ value: { score: 50 } });
  });

  it.each<FaultKind>(['fenced', 'trailing', 'twice', 'prose', 'listed', 'late-503'])(
    'takes the first whole answer, and pays once: %s',
    async (fault) => {
      server.fail(fault);
      expect(await ask()).toMatchObject({ value: { score: 50, words: expect.any(String) } });
      expect(server.requests).toHaveLength(1);
    },
  );

  it.each<[FaultKind, RegExp]>([
    ['place', /User location is not supported for the API use.*run it elsewhere/],
    ['expired', /API_KEY_INVALID API key expired. Please renew/],
    ['leaked', /403 Your API key was reported as leaked/],
    ['no-quota', /no requests for gemini-x at all \(limit 0\), and waiting does not help/],
    ['all-thought', /all its tokens on thinking \(8191\)/],
  ])('repeats what Google says: %s', async (fault, words) => {
    expect((await errorOf(fault)).message).toMatch(words);
  });

  it('tells a wait of days as what it is', async () => {
    const error = await errorOf('rate-limited', { retryDelaySeconds: 36 * 3_600 });
    expect(error).toMatchObject({
      retryAfterMs: 36 * 3_600_000,
      message: expect.stringContaining('pausing it for 36 hours.'),
    });
  });

  it('names the settings when there is no such model', async () => {
    const error = await caught(ask(never, { ...QUESTION, model: 'gemini-1.0-gone' }));
    expect(error).toMatchObject({
      code: 'GEMINI_MODEL_MISSING',
      message: expect.stringMatching(/gone.*GEMINI_MODEL_/),
    });
  });

  it('says what Google does not like about a request', async () => {
    const schema = { type: 'object', additionalProperties: false };
    const error = await caught(ask(never, { ...QUESTION, schema }));
    expect(error).toMatchObject({
      code: 'GEMINI_BAD_REQUEST',
      message: expect.stringContaining('additionalProperties'),
    });
  });

  it.each<FaultKind>(['silent', 'stalled'])('gives up on an answer that does not come: %s', async (fault) => {
    api = geminiApiAt(server, { timeoutMs: 200 });
    expect(await errorOf(fault)).toMatchObject({ code: 'GEMINI_TIMEOUT', kind: 'transient' });
  });

  it('cannot reach a server that is not there', async () => {
    const gone = await startGeminiServer();
    await gone.close();
    api = geminiApiAt(gone);
    expect(await caught(ask())).toMatchObject({ code: 'GEMINI_UNREACHABLE', kind: 'transient' });
  });

  it('does not even begin when it is aborted already', async () => {
    await expect(ask(AbortSignal.abort(new Error('stopping')))).rejects.toThrow('stopping');
    expect(server.requests).toEqual([]);
  });

  it.each<FaultKind>(['silent', 'stalled'])('ends with the reason when it is aborted meanwhile: %s', async (fault) => {
    server.fail(fault);
    const stop = new AbortController();
    const asked = ask(stop.signal);
    await eventually('the question arrives', () => server.requests.length > 0);
    stop.abort(new Error('stopping'));
    await expect(asked).rejects.toThrow('stopping');
  });
});
