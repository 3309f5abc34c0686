import { describe, expect, it } from '@jest/globals';
import { PRODUCERS, THE_JOB } from '../../test/fixtures/spring/producers.js';
import { InvalidJobError } from '../job/errors.js';
import { parseInspectionJob, type InspectionJob } from './inspection-job.js';

const OPTIONS = { entryId: '1694000000000-3', maxSeconds: 600 };
const CAMERA = { cctvId: 'cam', hls: 'http://example.com/a.m3u8' };

const parse = (fields: Record<string, string>): InspectionJob =>
  parseInspectionJob(
    Object.entries(fields)
      .flat()
      .map((text) => Buffer.from(text)),
    OPTIONS,
  );

function refusalOf(work: () => unknown): InvalidJobError {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidJobError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('an inspection job', () => {
  describe('from every Spring producer', () => {
    for (const { producer, entry, expected } of PRODUCERS) {
      if (expected === true) {
        it(`is read: ${producer}`, () => expect(parseInspectionJob(entry, OPTIONS)).toEqual(THE_JOB));
      } else {
        it(`is refused as ${expected}: ${producer}`, () => {
          const error = refusalOf(() => parseInspectionJob(entry, OPTIONS));
          expect([error.code, error.step]).toEqual([expected, 'parse']);
        });
      }
    }
  });

  it('takes its name, time and length from the entry where the producer is silent', () => {
    expect(parse(CAMERA)).toEqual({
      ...CAMERA,
      jobId: '1694000000000-3',
      seconds: 20,
      needsMs: 140_000,
      expectedMs: { capture: 20_000 },
      isTracked: false,
      priorAttempts: 0,
      enqueuedAt: 1694000000000,
    });
  });

  it('takes an enqueuedAt of 0, which nobody set, from the entry', () => {
    expect(parse({ ...CAMERA, enqueuedAt: '0' }).enqueuedAt).toBe(1694000000000);
  });

  it.each(['20', '"20"', ' 20 ', '20.0', '2.0E1', '["java.lang.Integer",20]'])('reads sec %s as 20', (sec) => {
    expect(parse({ ...CAMERA, sec }).seconds).toBe(20);
  });

  it.each(['abc', '0', '-1', '601', '20.5', '0x14', 'NaN', '1e999', '{"a":1}'])('refuses sec %s', (sec) => {
    const error = refusalOf(() => parse({ ...CAMERA, sec }));
    expect(error.code).toBe('BAD_FIELD');
    expect(error.message).toContain('whole number from 1 to 600');
  });

  it.each(['../../x', '.', '..', 'a/b', 'a b', '카메라', 'x'.repeat(129), '%2e%2e'])(
    'refuses the camera %s',
    (cctvId) => {
      expect(refusalOf(() => parse({ ...CAMERA, cctvId })).code).toBe('BAD_FIELD');
    },
  );

  it('names the field that it refuses apart from the sentence', () => {
    expect(refusalOf(() => parse({ ...CAMERA, sec: 'abc' })).field).toBe('sec');
    expect(refusalOf(() => parse({ ...CAMERA, hls: 'file:///x' })).field).toBe('hls');
    expect(refusalOf(() => parse({ ...CAMERA, cctvId: '' })).field).toBe('cctvId');
  });

  it('refuses a job name that could leave its folder', () => {
    expect(refusalOf(() => parse({ ...CAMERA, job_id: '..' })).message).toContain('"jobId"');
  });

  it.each(['file:///etc/passwd', 'gopher://example.com/', 'concat:a|b', 'http:/example.com'])(
    'allows no URL %s',
    (hls) => {
      expect(refusalOf(() => parse({ ...CAMERA, hls })).code).toBe('URL_NOT_ALLOWED');
    },
  );

  it.each(['stream.m3u8', 'http://exa mple.com', 'http://example.com\\@evil', 'https://'])(
    'refuses %s as a URL',
    (hls) => {
      expect(refusalOf(() => parse({ ...CAMERA, hls })).code).toBe('BAD_FIELD');
    },
  );

  it('never repeats a URL with its token in a refusal', () => {
    const entry = ['cctvId', 'c', 'hls', 'http://u:pw@h/a?secret', 'hls', 'http://h/b?secret'].map((text) =>
      Buffer.from(text),
    );
    expect(refusalOf(() => parseInspectionJob(entry, OPTIONS)).message).not.toMatch(/secret|pw/);
  });

  it('warns of a time without a zone, and reads it in the zone that was set', () => {
    const warnings: string[] = [];
    const entry = Object.entries({ ...CAMERA, enqueuedAt: '2026-11-21T22:00' })
      .flat()
      .map((text) => Buffer.from(text));
    const job = parseInspectionJob(entry, { ...OPTIONS, zone: 'Asia/Seoul', warn: (text) => warnings.push(text) });
    expect(new Date(job.enqueuedAt).toISOString()).toBe('2026-11-21T13:00:00.000Z');
    expect(warnings).toEqual([expect.stringContaining('Asia/Seoul')]);
  });
});
