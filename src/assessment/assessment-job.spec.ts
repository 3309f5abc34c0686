import { describe, expect, it } from '@jest/globals';
import { InvalidJobError } from '../job/errors.js';
import { nameOfSubject, parseAssessmentJob, type AssessmentJob } from './assessment-job.js';

const START = Date.UTC(2024, 8, 9, 10);
const SEGMENT = { cctvId: 'cam', segmentStart: '2024-09-09T10:00:00Z', segmentEnd: '2024-09-09T10:10:00Z' };
const JOB = { ...SEGMENT, video: 'cam/20240909T100000Z.mp4' };

const parse = (fields: Record<string, string>): AssessmentJob =>
  parseAssessmentJob(
    Object.entries(fields)
      .flat()
      .map((text) => Buffer.from(text)),
    { entryId: '1694000000000-3' },
  );

function refusalOf(fields: Record<string, string>): { code: string; message: string } {
  try {
    parse(fields);
  } catch (error) {
    if (error instanceof InvalidJobError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('an assessment job', () => {
  it('takes its name and time from the entry where the producer is silent', () => {
    expect(parse(JOB)).toEqual({
      entryId: '1694000000000-3',
      jobId: '1694000000000-3',
      cctvId: 'cam',
      segmentStart: START,
      segmentEnd: START + 600_000,
      subject: { kind: 'video', from: 'folder', path: 'cam/20240909T100000Z.mp4' },
      priorAttempts: 0,
      isTracked: false,
      enqueuedAt: 1694000000000,
    });
  });

  it('is read whatever producer wrote it', () => {
    const payload = JSON.stringify({ cctv_id: 'cam', segmentStart: START, video: 'a.mp4', job_id: 'j', attempt: 2 });
    expect(parse({ payload })).toMatchObject({
      jobId: 'j',
      segmentStart: START,
      segmentEnd: undefined,
      priorAttempts: 2,
    });
  });

  it.each([
    ['artifact:preprocess/cam/a b.mp4', { from: 'artifact', name: 'preprocess/cam/a b.mp4' }],
    ['https://h/a.mp4?token=x', { from: 'url', url: 'https://h/a.mp4?token=x' }],
    ['서울/..a/b..mp4', { from: 'folder', path: '서울/..a/b..mp4' }],
  ])('finds its video at %s', (video, subject) => {
    expect(parse({ ...JOB, video }).subject).toEqual({ kind: 'video', ...subject });
  });

  it('may be about the picture of an inspection', () => {
    const { segmentStart, cctvId } = JOB;
    const image = 'preprocess/cam/j/20240909T100000Z/damage_result.jpg';
    const { subject } = parse({ cctvId, segmentStart, image, inspection: '{"detections":2}' });
    expect(subject).toEqual({ kind: 'picture', name: image, inspection: '{"detections":2}' });
  });

  it.each([
    '../a.mp4',
    'a/../../b.mp4',
    '/etc/passwd',
    'a//b.mp4',
    './a.mp4',
    'a/.',
    'a\0.mp4',
    'a\nb.mp4',
    'a\\..\\b.mp4',
    'artifact:../a.mp4',
    'artifact:/a.mp4',
    'artifact:',
    'x'.repeat(1025),
  ])('does not let its video climb: %j', (video) => expect(refusalOf({ ...JOB, video }).code).toBe('BAD_FIELD'));

  it.each(['file:///etc/passwd', 'rtsp://h/a', 'gopher://h/'])('allows no URL %s', (video) => {
    expect(refusalOf({ ...JOB, video }).code).toBe('URL_NOT_ALLOWED');
  });

  it.each(['../a.jpg', '/a.jpg', 'https://h/a.jpg'])('does not let its picture climb: %s', (image) => {
    const { video: _, ...segment } = JOB;
    expect(refusalOf({ ...segment, image }).code).toBe('BAD_FIELD');
  });

  it.each([
    [{ video: '' }, 'MISSING_FIELD'],
    [{ cctvId: '..' }, 'BAD_FIELD'],
    [{ segmentStart: '' }, 'MISSING_FIELD'],
    [{ segmentStart: '0' }, 'BAD_FIELD'],
    [{ segmentStart: 'yesterday' }, 'BAD_FIELD'],
    [{ segmentEnd: '2024-09-09T10:00:00Z' }, 'BAD_FIELD'],
    [{ image: 'a.jpg' }, 'BAD_FIELD'],
  ])('is refused with %j as %s', (change, code) => expect(refusalOf({ ...JOB, ...change }).code).toBe(code));

  it('never repeats a URL with its token in a refusal', () => {
    const twice = ['cctvId', 'c', 'video', 'http://u:pw@h/a?secret', 'video', 'http://h/b?secret'];
    const read = () =>
      parseAssessmentJob(
        [...twice, 'segmentStart', '1'].map((t) => Buffer.from(t)),
        { entryId: '1-0' },
      );
    expect(read).toThrow(expect.objectContaining({ code: 'DUPLICATE_FIELD' }));
    expect(read).not.toThrow(/secret|pw/);
  });

  it('is named without secrets', () => {
    expect(nameOfSubject(parse({ ...JOB, video: 'https://u:p@h/a.mp4?token=x' }).subject)).toBe('https://h/a.mp4');
    expect(nameOfSubject(parse({ ...JOB, video: 'artifact:a/b' }).subject)).toBe('artifact:a/b');
  });
});
