import type { Job } from '../job/handler.js';
import { readFields, type Fields, type RawPayload } from '../job/payload.js';
import {
  badField,
  readEnqueuedAt,
  readName,
  readPriorAttempts,
  readTime,
  readTracked,
  readUrl,
  type TimeOptions,
} from '../job/payload/readers.js';
import { refusal } from '../job/payload/refusal.js';
import { readTraceparent } from '../job/payload/traceparent.js';
import { readWebhook } from '../job/webhook.js';
import { redactUrl } from '../lib/redact.js';

/** A request to have a recorded segment, or the picture of an inspection, judged. */
export interface AssessmentJob extends Job {
  /** The stream entry's id: tells two entries apart that ask for the same. */
  entryId: string;
  /** What the segment begins with, or when the picture was taken, ms since the epoch. */
  segmentStart: number;
  /** ms since the epoch; undefined: as long as the video is. */
  segmentEnd: number | undefined;
  subject: AssessedSubject;
}

/** What is to be judged. */
export type AssessedSubject = VideoSubject | PictureSubject;

/** A recorded video. */
export type VideoSubject =
  /** Below SEGMENTS_DIR; parts separated by `/`. */
  | { readonly kind: 'video'; readonly from: 'folder'; readonly path: string }
  /** Not yet checked against the outbound policy. May carry secrets. */
  | { readonly kind: 'video'; readonly from: 'url'; readonly url: string }
  /** In the artifact store: Swift, or its folder. */
  | { readonly kind: 'video'; readonly from: 'artifact'; readonly name: string };

/** A picture in the artifact store. */
export interface PictureSubject {
  readonly kind: 'picture';
  readonly name: string;
  /** What the inspection found that it comes from, as text; undefined when nothing is known. */
  readonly inspection: string | undefined;
}

const ARTIFACT = 'artifact:';
const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\//i;
const LONGEST_NAME = 1024;
const LONGEST_INSPECTION = 4000;

/**
 * Reads an assessment job, whatever producer wrote it. The entry's id is the default for its name and time.
 * @throws InvalidJobError MISSING_FIELD, BAD_FIELD, URL_NOT_ALLOWED, and those of `readFields`
 */
export function parseAssessmentJob(payload: RawPayload, options: TimeOptions): AssessmentJob {
  const fields = readFields(payload);
  return {
    entryId: options.entryId,
    jobId: readName('jobId', fields.get('jobId') ?? options.entryId),
    cctvId: readName('cctvId', fields.require('cctvId')),
    subject: readSubject(fields),
    ...readSegment(fields, options),
    priorAttempts: readPriorAttempts(fields),
    isTracked: readTracked(fields),
    webhook: readWebhook(fields),
    traceparent: readTraceparent(fields),
    enqueuedAt: readEnqueuedAt(fields, options),
  };
}

/** What a subject is called in logs and artifacts: without a URL's query and user. */
export function nameOfSubject(subject: AssessedSubject): string {
  if (subject.kind === 'picture') return subject.name;
  if (subject.from === 'url') return redactUrl(subject.url);
  return subject.from === 'folder' ? subject.path : ARTIFACT + subject.name;
}

function readSegment(fields: Fields, options: TimeOptions): Pick<AssessmentJob, 'segmentStart' | 'segmentEnd'> {
  fields.require('segmentStart');
  const segmentStart = readTime(fields, 'segmentStart', options);
  const segmentEnd = readTime(fields, 'segmentEnd', options);
  if (segmentStart === undefined) throw badField('segmentStart', '0', 'must be the time at which the segment begins');
  if (segmentEnd !== undefined && segmentEnd <= segmentStart) {
    throw badField('segmentEnd', fields.require('segmentEnd'), 'must be later than "segmentStart"');
  }
  return { segmentStart, segmentEnd };
}

function readSubject(fields: Fields): AssessedSubject {
  const [video, image] = [fields.get('video'), fields.get('image')];
  if (video !== undefined && image !== undefined) {
    throw refusal('BAD_FIELD', 'There is a "video" and an "image" to judge. Send one of them.');
  }
  if (image !== undefined) {
    return { kind: 'picture', name: readParts('image', image), inspection: readInspection(fields) };
  }
  return readVideo(video ?? fields.require('video'));
}

function readVideo(text: string): VideoSubject {
  if (text.startsWith(ARTIFACT)) {
    return { kind: 'video', from: 'artifact', name: readParts('video', text.slice(ARTIFACT.length)) };
  }
  if (!URL_LIKE.test(text)) return { kind: 'video', from: 'folder', path: readParts('video', text) };
  return { kind: 'video', from: 'url', url: readUrl('video', text, 'https://example.com/segment.mp4') };
}

/** A path below a folder or a name in a store: nothing that could climb out of it, or mean two things. */
function readParts(field: string, text: string): string {
  const isPlain = text.length <= LONGEST_NAME && !/[\p{Cc}\\]/u.test(text);
  if (isPlain && text.split('/').every((part) => !['', '.', '..'].includes(part))) return text;
  throw badField(field, text, 'must be a relative path of at most 1024 characters without "\\", "." and ".." as parts');
}

function readInspection(fields: Fields): string | undefined {
  const text = fields.get('inspection');
  if (text === undefined || text.length <= LONGEST_INSPECTION) return text;
  throw refusal('BAD_FIELD', `The field "inspection" is longer than ${LONGEST_INSPECTION} characters.`);
}
