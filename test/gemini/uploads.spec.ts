import { createHash } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GeminiApi, UploadedFile } from '../../src/gemini/gemini-api.js';
import { JobError } from '../../src/job/errors.js';
import { eventually } from '../support/eventually.js';
import { geminiApiAt, geminiKey, QUESTION } from '../support/gemini-api.js';
import { startGeminiServer, type GeminiServer } from '../support/gemini-server/gemini-server.js';
import { useFolder } from '../support/use-folder.js';

const SECRET = 'AIzaSecret-that-nobody-may-see';
const KEY = geminiKey(SECRET, 'one');
const OTHER = geminiKey('key-b', 'two');
const BYTES = Buffer.alloc(1_500_000, 'frames ');

const never = new AbortController().signal;
let server: GeminiServer;
let api: GeminiApi;
const folder = useFolder('uploads');
let video: string;

beforeEach(async () => {
  server = await startGeminiServer({ keys: [KEY, OTHER] });
  api = geminiApiAt(server);
  video = folder.at('segment.mp4');
  await writeFile(video, BYTES);
});
afterEach(() => server.close());

const upload = (signal = never) => api.uploadVideo(KEY, video, 'video/mp4', signal);

async function uploaded(): Promise<UploadedFile> {
  const file = await upload();
  await api.waitActive(KEY, file, never);
  return file;
}

async function caught(work: Promise<unknown>): Promise<JobError> {
  const error = await work.catch((thrown: unknown) => thrown);
  if (!(error instanceof JobError)) throw new Error(`no error of ours: ${inspect(error)}`);
  expect(inspect(error, { depth: null })).not.toMatch(/AIza|upload_id=/);
  return error;
}

const about = (file: UploadedFile) => ({ ...QUESTION, media: [{ kind: 'uploaded' as const, ...file }] });

describe('an uploaded video', () => {
  it('arrives as it is, is waited for, asked about and deleted', async () => {
    const file = await uploaded();
    expect(server.uploads).toEqual([
      expect.objectContaining({
        bytes: BYTES.length,
        sha256: createHash('sha256').update(BYTES).digest('hex'),
        mimeType: 'video/mp4',
        project: 'one',
      }),
    ]);
    await api.generateJson(KEY, about(file), never);
    expect(server.questions[0]?.media).toEqual([expect.objectContaining({ kind: 'uploaded', mimeType: 'video/mp4' })]);
    await api.delete(KEY, file, never);
    expect(server.uploads[0]?.deleted).toBe(true);
  });

  it('may be gone already when it is deleted', async () => {
    const file = await upload();
    await api.delete(KEY, file, never);
    await expect(api.delete(KEY, file, never)).resolves.toBeUndefined();
  });

  it('is good for its own project only: another one has to upload it again', async () => {
    const file = await uploaded();
    const expected = { code: 'GEMINI_FILE_GONE', kind: 'transient' };
    expect(await caught(api.generateJson(OTHER, about(file), never))).toMatchObject(expected);
    expect(await caught(api.waitActive(OTHER, file, never))).toMatchObject(expected);
  });

  it('that Google cannot read is not sent again', async () => {
    server.fail('file-failed');
    expect(await caught(uploaded())).toMatchObject({ code: 'GEMINI_VIDEO_REJECTED', kind: 'permanent' });
  });

  it('is not waited for for ever', async () => {
    server.fail('slow-processing');
    api = geminiApiAt(server, { patience: { firstMs: 5, longestMs: 10, limitMs: 100 } });
    expect(await caught(uploaded())).toMatchObject({ code: 'GEMINI_FILE_SLOW', kind: 'transient' });
    expect(server.requests.filter(({ method }) => method === 'GET').length).toBeGreaterThan(2);
  });

  it('is waited for through a passing trouble, but not through one that stays', async () => {
    const file = await upload();
    server.fail('unavailable', { at: 'file', times: 2 });
    await expect(api.waitActive(KEY, file, never)).resolves.toBeUndefined();
    server.fail('unavailable', { at: 'file', times: 3 });
    expect(await caught(api.waitActive(KEY, file, never))).toMatchObject({ code: 'GEMINI_UNAVAILABLE' });
  });

  it('that was cleared away or is empty is said so', async () => {
    await writeFile(video, '');
    expect(await caught(upload())).toMatchObject({ code: 'GEMINI_VIDEO_UNREADABLE', kind: 'permanent' });
    await rm(video);
    expect(await caught(upload())).toMatchObject({ code: 'GEMINI_VIDEO_UNREADABLE', kind: 'permanent' });
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['upload', 'bad-key', 'GEMINI_BAD_KEY', 'permanent'],
    ['upload', 'rate-limited', 'GEMINI_RATE_LIMITED', 'rate_limited'],
    ['upload', 'reset', 'GEMINI_UNREACHABLE', 'transient'],
    ['bytes', 'reset', 'GEMINI_UNREACHABLE', 'transient'],
    ['bytes', 'unavailable', 'GEMINI_UNAVAILABLE', 'transient'],
    ['delete', 'suspended', 'GEMINI_BAD_KEY', 'permanent'],
    ['delete', 'unavailable', 'GEMINI_UNAVAILABLE', 'transient'],
  ] as const)('tells trouble at its %s apart: %s is %s, %s', async (at, fault, code, kind) => {
    server.fail(fault, { at });
    const error = await caught(upload().then((file) => api.delete(KEY, file, never)));
    expect(error).toMatchObject({ code, kind });
    await expect(upload()).resolves.toBeDefined();
  });

  it('is given up when no byte moves any more', async () => {
    api = geminiApiAt(server, { timeoutMs: 300 });
    server.fail('silent', { at: 'bytes' });
    expect(await caught(upload())).toMatchObject({ code: 'GEMINI_TIMEOUT', kind: 'transient' });
  });

  it('breaks off with the reason when the job is aborted', async () => {
    await expect(upload(AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    expect(server.requests).toEqual([]);
    const stop = new AbortController();
    server.fail('silent', { at: 'bytes' });
    const begun = upload(stop.signal);
    await eventually('the bytes are on their way', () => server.requests.length === 2);
    stop.abort(new Error('meanwhile'));
    await expect(begun).rejects.toThrow('meanwhile');
  });

  it('is not waited for when the job is aborted', async () => {
    server.fail('slow-processing');
    const file = await upload();
    const stop = new AbortController();
    const waiting = api.waitActive(KEY, file, stop.signal);
    await eventually('somebody looks', () => server.requests.some(({ method }) => method === 'GET'));
    stop.abort(new Error('meanwhile'));
    await expect(waiting).rejects.toThrow('meanwhile');
    await expect(api.delete(KEY, file, stop.signal)).rejects.toThrow('meanwhile');
  });
});
