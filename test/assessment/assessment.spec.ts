import { copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { ffmpegChildren } from '../support/capture-bench.js';
import { eventually } from '../support/eventually.js';
import { FileServer } from '../support/file-server.js';
import { grow, SegmentMedia } from '../support/segment-media.js';
import { useRedis } from '../support/use-redis.js';
import { AssessmentBench } from './assessment-bench.js';

const NEVER = new AbortController().signal;
const START = '2024-09-09T10:00:00.000Z';
const END = '2024-09-09T10:10:00.000Z';

const ANSWER = {
  safetyScore: 41,
  summary: 'A tyre lies on the road.',
  roadCondition: 'dry',
  incidents: [
    { start: 3, end: 700, kind: 'debris', severity: 'medium', description: 'A tyre on the lane.', confidence: 0.9 },
    { start: 2, end: 1, kind: 'meteorite', severity: 'high', description: 'Something\u0007 falls.', confidence: 3 },
    { start: 900, end: 950, kind: 'accident', severity: 'high', description: 'After the end.', confidence: 1 },
  ],
};

const { server } = useRedis({ flush: true });
let media: SegmentMedia;
let files: FileServer;
let bench: AssessmentBench;

beforeAll(async () => {
  media = await SegmentMedia.make();
  await media.makeFast();
  await Promise.all([media.makeBroken(), media.makeSound()]);
  await media.makeScripts(media.path('ok.mp4'));
  files = await FileServer.start(media.folder);
}, 60_000);

afterAll(async () => {
  await files.stop();
  await media.remove();
});

beforeEach(async () => {
  bench = await AssessmentBench.open(server, { allow: `127.0.0.1:${files.port}` });
  bench.server.answer = () => ANSWER;
});

afterEach(async () => {
  expect(await bench.workspaces()).toEqual([]);
  expect(bench.server.uploads.filter(({ deleted }) => !deleted)).toEqual([]);
  expect(ffmpegChildren()).toEqual([]);
  await bench.close();
});

const job = (fields: Record<string, string> = {}): Record<string, string> => ({
  ...{ cctvId: 'cam', jobId: 'j1', segmentStart: START, segmentEnd: END, video: 'ok.mp4' },
  ...{ enqueuedAt: '2024-09-09T10:10:30Z', ...fields },
});

const artifact = async (jobId = 'j1'): Promise<Record<string, unknown>> => {
  const path = join(bench.root, `artifacts/preprocess/cam/${jobId}/20240909T101030Z/assessment.json`);
  return JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
};

describe('a recorded segment', () => {
  it('is made small, judged, stored and told of', async () => {
    await bench.work(media.folder);
    expect(await bench.ran(job())).toBe('complete');

    const [question] = bench.server.questions;
    expect(question).toMatchObject({ model: 'gemini-video', prompt: expect.stringContaining('12 seconds long') });
    expect(question?.media).toMatchObject([{ kind: 'uploaded', mimeType: 'video/mp4' }]);
    expect(await artifact()).toMatchObject({
      job: { jobId: 'j1', cctvId: 'cam', enqueuedAt: '2024-09-09T10:10:30.000Z' },
      segment: { start: START, end: END, seconds: 12 },
      source: { kind: 'video', name: 'ok.mp4', claimedSeconds: 12, width: 1280, height: 720 },
      safetyScore: 41,
      roadCondition: 'dry',
      gemini: { model: 'gemini-video', language: 'en', promptVersion: '1', cached: false },
      attempt: 1,
    });
    const [result] = await bench.results();
    expect(result).toMatchObject({
      ...{ jobId: 'j1', cctvId: 'cam', segmentStart: START, segmentEnd: END, kind: 'video', safetyScore: '41' },
      ...{ incidents: '2', worstSeverity: 'high', roadCondition: 'dry', summary: ANSWER.summary, cached: 'false' },
      ...{ model: 'gemini-video', artifacts: 'preprocess/cam/j1/20240909T101030Z/' },
    });
    expect(Number(result?.durationMs)).toBeGreaterThan(0);
  });

  it('has incidents within it, in order, with their time of day', async () => {
    await bench.work(media.folder);
    await bench.ran(job());
    expect((await artifact()).incidents).toEqual([
      {
        ...{ start: 1, end: 2, kind: 'other', severity: 'high', description: 'Something falls.', confidence: 1 },
        ...{ startsAt: '2024-09-09T10:00:01.000Z', endsAt: '2024-09-09T10:00:02.000Z' },
      },
      {
        ...{
          start: 3,
          end: 12,
          kind: 'debris',
          severity: 'medium',
          description: 'A tyre on the lane.',
          confidence: 0.9,
        },
        ...{ startsAt: '2024-09-09T10:00:03.000Z', endsAt: '2024-09-09T10:00:12.000Z' },
      },
    ]);
  });

  it('tells where its time went', async () => {
    await bench.work(media.folder);
    await bench.ran(job());
    const steps = (await artifact()).steps as { step: string }[];
    expect(steps.map(({ step }) => step)).toEqual(
      expect.arrayContaining(['wait', 'check', 'shrink', 'upload', 'answer', 'judge']),
    );
  });

  it('ends with itself where its job does not say when', async () => {
    await bench.work(media.folder);
    await bench.ran({ ...job(), segmentEnd: '' });
    expect(await bench.results()).toMatchObject([{ segmentEnd: '2024-09-09T10:00:12.000Z' }]);
  });

  it('may lie behind a URL, whose token goes nowhere', async () => {
    await bench.work(media.folder);
    expect(await bench.ran(job({ video: files.url('/ok.mp4?token=SECRET') }))).toBe('complete');
    expect(await artifact()).toMatchObject({ source: { name: files.url('/ok.mp4') } });
    expect(JSON.stringify([await artifact(), await bench.results()])).not.toContain('SECRET');
  });

  it('may lie in the artifact store', async () => {
    const bytes = await readFile(media.path('ok.mp4'));
    await bench.store.put('preprocess/seg.mp4', { contentType: 'video/mp4', source: () => bytes }, NEVER);
    await bench.work(media.folder);
    expect(await bench.ran(job({ video: 'artifact:preprocess/seg.mp4' }))).toBe('complete');
    expect(await artifact()).toMatchObject({ source: { bytes: bytes.length, name: 'artifact:preprocess/seg.mp4' } });
  });

  it('is waited for while it is being written, without an attempt', async () => {
    const folder = join(bench.root, 'segments');
    await mkdir(folder);
    await copyFile(media.path('ok.mp4'), join(folder, 'growing.mp4'));
    const recorder = setInterval(() => void grow(join(folder, 'growing.mp4')), 5);
    const jobId = await bench.put(job({ video: 'growing.mp4', enqueuedAt: new Date().toISOString() }));
    await bench.work(folder);
    expect(await bench.outcomeOf(jobId)).toMatchObject({ kind: 'snooze', error: { code: 'SEGMENT_GROWING' } });
    clearInterval(recorder);
    expect(await bench.outcomeOf(jobId, 2)).toMatchObject({ kind: 'complete' });
    expect(await bench.results()).toMatchObject([{ attempt: '1' }]);
  });

  it('may come after its job', async () => {
    const folder = join(bench.root, 'segments');
    await mkdir(folder);
    const jobId = await bench.put(job({ video: 'cam/late.mp4' }));
    await bench.work(folder);
    expect(await bench.outcomeOf(jobId)).toMatchObject({
      kind: 'retry',
      error: { code: 'SEGMENT_MISSING', step: 'wait' },
    });
    await mkdir(join(folder, 'cam'));
    await copyFile(media.path('fast.mp4'), join(folder, 'cam', 'late.mp4'));
    const last = await eventually('it completes', () => bench.ended.find(({ outcome }) => outcome.kind === 'complete'));
    expect(last.entryId).toBe(jobId);
  });

  it('is not judged when nobody could', async () => {
    await symlink(media.path('ok.mp4'), join(bench.root, 'out.mp4'));
    await bench.work(media.folder);
    const outcomes = {
      broken: await bench.ran(job({ jobId: 'a', video: 'broken.mp4' })),
      sound: await bench.ran(job({ jobId: 'b', video: 'sound.mp4' })),
      playlist: await bench.ran(job({ jobId: 'c', video: 'playlist.mp4' })),
      traversal: await bench.ran(job({ jobId: 'd', video: '../ok.mp4' })),
      absolute: await bench.ran(job({ jobId: 'e', video: '/etc/passwd' })),
      internal: await bench.ran(job({ jobId: 'f', video: `http://127.0.0.1:${server.port}/a.mp4` })),
      script: await bench.ran(job({ jobId: 'g', video: files.url('/playlist.mp4') })),
    };
    expect(outcomes).toEqual({
      broken: 'discard SEGMENT_UNREADABLE',
      sound: 'discard SEGMENT_NO_VIDEO',
      playlist: 'discard SEGMENT_UNREADABLE',
      traversal: 'discard BAD_FIELD',
      absolute: 'discard BAD_FIELD',
      internal: 'discard URL_NOT_ALLOWED',
      script: 'discard SEGMENT_UNREADABLE',
    });
    expect(bench.server.questions).toEqual([]);
    expect(await bench.results()).toEqual([]);
  });

  it('is not judged through a link that leads out of its folder', async () => {
    const folder = join(bench.root, 'segments');
    await mkdir(folder);
    await symlink(media.path('ok.mp4'), join(folder, 'out.mp4'));
    await bench.work(folder);
    expect(await bench.ran(job({ video: 'out.mp4' }))).toBe('discard SEGMENT_NOT_ALLOWED');
  });
});

describe('a segment that is too large', () => {
  it.each(['ok.mp4', 'artifact:large.mp4', 'URL'])('is refused: %s', async (video) => {
    await bench.close();
    bench = await AssessmentBench.open(server, { allow: `127.0.0.1:${files.port}`, maxBytes: 50_000 });
    const bytes = await readFile(media.path('ok.mp4'));
    await bench.store.put('large.mp4', { contentType: 'video/mp4', source: () => bytes }, NEVER);
    await bench.work(media.folder);
    const outcome = await bench.ran(job({ video: video === 'URL' ? files.url('/ok.mp4') : video }));
    expect(outcome).toMatch(/^discard (SEGMENT|STORAGE)_TOO_LARGE$/);
  });
});

describe('the picture of an inspection', () => {
  const IMAGE = 'preprocess/cam/j0/20240909T100000Z/damage_result.jpg';
  const picture = () => ({
    ...{ cctvId: 'cam', jobId: 'j1', segmentStart: START, image: IMAGE, enqueuedAt: '2024-09-09T10:10:30Z' },
  });

  it('is judged with what the inspection found', async () => {
    const jpeg = await sharp({ create: { width: 64, height: 36, channels: 3, background: 'grey' } })
      .jpeg()
      .toBuffer();
    await bench.store.put(IMAGE, { contentType: 'image/jpeg', source: () => jpeg }, NEVER);
    await bench.work(media.folder);
    expect(await bench.ran({ ...picture(), inspection: '{"detections":2}' })).toBe('complete');
    const [question] = bench.server.questions;
    expect(question).toMatchObject({ model: 'gemini-image', prompt: expect.stringContaining('{"detections":2}') });
    expect(question?.media).toMatchObject([{ kind: 'inline', mimeType: 'image/jpeg', bytes: jpeg }]);
    expect(await bench.results()).toMatchObject([{ kind: 'picture', segmentStart: START, segmentEnd: START }]);
    const incidents = (await artifact()).incidents as object[];
    expect(incidents[0]).toMatchObject({ start: 0, end: 0, startsAt: START });
  });

  it('has to be there', async () => {
    await bench.work(media.folder);
    expect(await bench.ran(picture())).toBe('retry STORAGE_NOT_FOUND');
  });

  it('has to be a picture', async () => {
    await bench.work(media.folder);
    await bench.store.put(IMAGE, { contentType: 'image/jpeg', source: () => Buffer.from('<svg/>') }, NEVER);
    expect(await bench.ran(picture())).toBe('discard PICTURE_UNREADABLE');
  });
});

describe('trouble with Gemini', () => {
  it.each([
    ['safety', 'discard GEMINI_REFUSED'],
    ['blocked', 'discard GEMINI_REFUSED'],
    ['max-tokens', 'retry GEMINI_TRUNCATED'],
    ['invalid-json', 'retry GEMINI_NOT_JSON'],
    ['wild-numbers', 'retry GEMINI_BAD_ANSWER'],
    ['file-failed', 'discard GEMINI_VIDEO_REJECTED'],
    ['unavailable', 'snooze GEMINI_OVERLOADED'],
    ['stream-503', 'snooze GEMINI_OVERLOADED'],
    ['fenced', 'complete'],
  ] as const)('%s ends a run as %s', async (fault, outcome) => {
    await bench.work(media.folder);
    bench.server.fail(fault);
    expect(await bench.ran(job())).toBe(outcome);
  });

  it('costs an attempt, and the next one may do', async () => {
    await bench.work(media.folder);
    bench.server.fail('invalid-json');
    await bench.put(job());
    expect(await bench.outcomeOf('j1', 2)).toMatchObject({ kind: 'complete' });
    expect(await bench.results()).toMatchObject([{ attempt: '2', cached: 'false' }]);
  });
});

describe('the same segment', () => {
  it('again is answered from the cache, under its own name', async () => {
    await bench.work(media.folder);
    await bench.ran(job());
    expect(await bench.ran(job({ jobId: 'j2' }))).toBe('complete');
    expect(bench.server.questions).toHaveLength(1);
    expect((await bench.results()).map(({ jobId, cached }) => [jobId, cached])).toEqual([
      ['j1', 'false'],
      ['j2', 'true'],
    ]);
    const [first, second] = [await artifact('j1'), await artifact('j2')];
    expect(second).toMatchObject({ safetyScore: 41, incidents: first.incidents, gemini: { cached: true } });
  });

  it('is not paid for twice when a run fails between judging and settling', async () => {
    const inTheWay = join(bench.root, 'artifacts');
    await writeFile(inTheWay, 'no folder can be made here');
    await bench.work(media.folder);
    expect(await bench.ran(job())).toBe('discard STORAGE_NO_FOLDER');
    await rm(inTheWay);
    expect(await bench.ran(job())).toBe('complete');
    expect(bench.server.questions).toHaveLength(1);
    expect(await bench.results()).toMatchObject([{ cached: 'true' }]);
  });

  it('is judged once by two workers that have it at once', async () => {
    let asked = 0;
    let answer: (() => void) | undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    bench.server.answer = async () => {
      asked += 1;
      await held;
      return ANSWER;
    };
    await Promise.all([bench.work(media.folder), bench.work(media.folder)]);
    for (const jobId of ['j1', 'j2', 'j3']) await bench.put(job({ jobId }));
    await eventually('one is asked', () => asked === 1);
    const waiting = await eventually('others wait', () => bench.ended.length >= 2 && bench.ended.slice(0, 2));
    for (const { outcome } of waiting) {
      expect(outcome).toMatchObject({ kind: 'snooze', error: { code: 'ASSESSMENT_UNDERWAY' } });
    }
    answer?.();
    const results = await eventually('all are answered', async () => {
      const found = await bench.results();
      return found.length === 3 && found;
    });
    expect(results.map(({ cached }) => cached).sort()).toEqual(['false', 'true', 'true']);
    expect(asked).toBe(1);
  });

  it('in another language is another question', async () => {
    await bench.work(media.folder);
    await bench.ran(job());
    const korean = await AssessmentBench.open(server, { language: 'ko' });
    korean.server.answer = () => ANSWER;
    await korean.work(media.folder);
    expect(await korean.ran(job())).toBe('complete');
    expect(korean.server.questions).toMatchObject([{ prompt: expect.stringContaining('한국어') }]);
    await korean.close();
  });
});

describe('a worker that stops', () => {
  it('leaves no ffmpeg, no files and no right to judge behind, and spends no attempt', async () => {
    let isAsked = false;
    bench.server.answer = () => {
      isAsked = true;
      return new Promise(() => undefined);
    };
    const { worker } = await bench.work(media.folder);
    await bench.put(job());
    await eventually('Gemini is asked', () => isAsked);
    worker.quiet();
    await worker.drain();
    expect(await bench.outcomeOf('j1')).toMatchObject({ kind: 'release' });
    expect(await bench.workspaces()).toEqual([]);
    bench.server.answer = () => ANSWER;
    await bench.work(media.folder);
    expect(await bench.outcomeOf('j1', 2)).toMatchObject({ kind: 'complete' });
    expect(await bench.results()).toMatchObject([{ attempt: '1' }]);
  });
});
