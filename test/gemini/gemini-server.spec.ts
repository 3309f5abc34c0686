import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';

const SCHEMA: object = {
  type: 'object',
  properties: { score: { type: 'integer', minimum: 0, maximum: 100 }, words: { type: 'string' } },
  required: ['score', 'words'],
};
const KEYS = [
  { key: 'key-a', project: 'one' },
  { key: 'key-b', project: 'one' },
  { key: 'key-c', project: 'two' },
];

interface Candidate {
  content: { parts: { text: string }[] };
  finishReason?: string;
}

let server: GeminiServer;

beforeEach(async () => {
  server = await startGeminiServer({ keys: KEYS });
});
afterEach(() => server.close());

/** Asks as the REST documentation of Google says. */
function ask(key: string, { stream = false, schema = SCHEMA, parts = [{ text: 'How is it?' }] as object[] } = {}) {
  const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
  return fetch(`${server.url}/v1beta/models/gemini-x:${method}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': key },
    body: JSON.stringify({
      contents: [{ parts }],
      generationConfig: { responseMimeType: 'application/json', responseSchema: schema },
    }),
  });
}

async function upload(key: string, bytes: Buffer, announced = bytes.length): Promise<Response> {
  const started = await fetch(`${server.url}/upload/v1beta/files`, {
    method: 'POST',
    headers: {
      'x-goog-api-key': key,
      'x-goog-upload-protocol': 'resumable',
      'x-goog-upload-command': 'start',
      'x-goog-upload-header-content-length': String(announced),
      'x-goog-upload-header-content-type': 'video/mp4',
    },
    body: JSON.stringify({ file: { display_name: 'clip' } }),
  });
  return fetch(String(started.headers.get('x-goog-upload-url')), {
    method: 'POST',
    headers: { 'x-goog-upload-offset': '0', 'x-goog-upload-command': 'upload, finalize' },
    body: new Uint8Array(bytes),
  });
}

const file = (key: string, name: string, method = 'GET') =>
  fetch(`${server.url}/v1beta/${name}`, { method, headers: { 'x-goog-api-key': key } });

describe("the stand-in for Gemini's server", () => {
  it('answers plausibly by the schema, whole and streamed, and remembers what was asked', async () => {
    const whole = (await (await ask('key-a')).json()) as { candidates: Candidate[] };
    expect(JSON.parse(String(whole.candidates[0]?.content.parts[0]?.text))).toMatchObject({ score: 50 });

    const events = (await (await ask('key-a', { stream: true })).text()).split('\r\n\r\n').filter(Boolean);
    const pieces = events.map((event) => {
      const { candidates } = JSON.parse(event.slice('data: '.length)) as { candidates: Candidate[] };
      return candidates[0] as Candidate;
    });
    expect(pieces.length).toBeGreaterThan(1);
    expect(JSON.parse(pieces.map(({ content }) => content.parts[0]?.text).join(''))).toMatchObject({ score: 50 });
    expect(pieces.at(-1)?.finishReason).toBe('STOP');
    expect(server.questions).toEqual([
      expect.objectContaining({ project: 'one', prompt: 'How is it?', schema: SCHEMA, streamed: false }),
      expect.objectContaining({ project: 'one', model: 'gemini-x', streamed: true }),
    ]);
  });

  it('counts the questions of a project over all its keys, and holds its quota', async () => {
    await server.close();
    server = await startGeminiServer({ keys: KEYS, perMinute: 2 });
    const statuses = [];
    for (const key of ['key-a', 'key-b', 'key-a', 'key-c']) statuses.push((await ask(key)).status);
    expect(statuses).toEqual([200, 200, 429, 200]);
    expect([server.mostPerMinute('one'), server.mostPerMinute('two')]).toEqual([3, 1]);
    expect(server.questions).toHaveLength(3);
  });

  it('refuses an unknown key and a schema that Google would not take', async () => {
    const refused = await ask('nobody');
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('API_KEY_INVALID')]);
    const schema = { type: 'object', additionalProperties: false };
    expect(await (await ask('key-a', { schema })).text()).toContain('additionalProperties');
  });

  it('takes an upload, shows it to its project only, and forgets it when deleted', async () => {
    const bytes = Buffer.alloc(300_000, 7);
    const { file: stored } = (await (await upload('key-a', bytes)).json()) as { file: { name: string; uri: string } };
    expect(server.uploads).toEqual([
      expect.objectContaining({ bytes: 300_000, sha256: createHash('sha256').update(bytes).digest('hex') }),
    ]);
    const states = [];
    for (let look = 0; look < 2; look++)
      states.push(((await (await file('key-b', stored.name)).json()) as { state: string }).state);
    expect(states).toEqual(['PROCESSING', 'ACTIVE']);

    const parts = [{ fileData: { mimeType: 'video/mp4', fileUri: stored.uri } }];
    expect((await ask('key-b', { parts })).status).toBe(200);
    expect((await ask('key-c', { parts })).status).toBe(403);
    expect((await file('key-c', stored.name, 'DELETE')).status).toBe(403);
    expect((await file('key-a', stored.name, 'DELETE')).status).toBe(200);
    expect((await file('key-a', stored.name)).status).toBe(403);
  });

  it('finds out when fewer bytes come than were announced', async () => {
    expect((await upload('key-a', Buffer.alloc(10), 11)).status).toBe(400);
    expect(server.uploads).toEqual([]);
  });

  it('strikes with a fault as often as scripted, where it was scripted, then is well again', async () => {
    server.fail('unavailable', { times: 2, project: 'one' });
    const statuses = [];
    for (const key of ['key-a', 'key-c', 'key-b', 'key-a']) statuses.push((await ask(key)).status);
    expect(statuses).toEqual([503, 200, 503, 200]);
  });

  it('breaks the connection before and within an answer', async () => {
    server.fail('reset');
    await expect(ask('key-a')).rejects.toThrow('fetch failed');
    server.fail('cut');
    await expect(ask('key-a', { stream: true }).then((response) => response.text())).rejects.toThrow('terminated');
  });
});
