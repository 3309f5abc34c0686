import { basename } from 'node:path';
import { parseAssessmentJob } from '../assessment/assessment-job.js';
import { loadConfig, type Config } from '../config/config.js';
import { readEnvironment } from '../config/sources/environment.js';
import { parseInspectionJob } from '../inspection/inspection-job.js';
import { InvalidJobError } from '../job/errors.js';
import { startOfSegmentFile } from '../job/segment.js';
import { withQueue } from './with-queue.js';

/** What the command line says of the job. */
export interface EnqueueOptions {
  cctv: string;
  hls?: string;
  sec?: string;
  segment?: string;
  start?: string;
  end?: string;
  jobId?: string;
  urgent?: true;
}

/** A checked job and the streams of its kind. */
interface Entry {
  fields: string[];
  streams: { stream: string; highStream: string };
}

/** Writes one job as a producer would, checked before, and prints its entry. */
export async function enqueue(options: EnqueueOptions): Promise<void> {
  const config = loadConfig(readEnvironment());
  const { fields, streams } = entryOf(options, config);
  const stream = options.urgent === true ? streams.highStream : streams.stream;
  const entryId = await withQueue(config, ({ connection }) => connection.xadd(stream, '*', ...fields));
  console.log(`${entryId ?? ''} in ${stream}`);
}

function entryOf(options: EnqueueOptions, config: Config): Entry {
  if (options.segment !== undefined) return segmentEntry(options, options.segment, config);
  if (options.hls !== undefined) return inspectionEntry(options, config);
  throw new InvalidJobError('NOTHING_NAMED', 'Say what to do: --hls <url> to inspect, or --segment <video> to judge.');
}

function inspectionEntry({ cctv, hls, sec, jobId }: EnqueueOptions, { capture, queue }: Config): Entry {
  const fields = flat({ cctvId: cctv, hls, sec, jobId });
  parseInspectionJob(bytesOf(fields), { entryId: '0-0', maxSeconds: capture.maxSeconds });
  return { fields, streams: queue };
}

function segmentEntry({ cctv, start, end, jobId }: EnqueueOptions, video: string, config: Config): Entry {
  const { segments, queue, gemini, assessment } = config;
  const segmentStart = start ?? String(startOfSegmentFile(basename(video)) ?? Date.now() - segments.lengthMs);
  const fields = flat({ cctvId: cctv, segmentStart, segmentEnd: end, video, jobId });
  parseAssessmentJob(bytesOf(fields), { entryId: '0-0', zone: queue.timeZone });
  if (gemini.keys.length === 0) console.warn('There is no GEMINI_API_KEY here: the job waits for a worker with one.');
  return { fields, streams: assessment };
}

function flat(given: Record<string, string | undefined>): string[] {
  // When it was queued the entry's id tells, by Redis' clock.
  const all: Record<string, string | undefined> = { ...given, attempt: '0' };
  return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [name, value]));
}

function bytesOf(fields: readonly string[]): Buffer[] {
  return fields.map((text) => Buffer.from(text));
}
