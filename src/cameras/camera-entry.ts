import { objectionToUrl } from '../lib/http-url.js';
import { isName, NAME_RULE } from '../lib/names.js';
import type { Calibration, Camera, PicturePoint } from './camera.js';
import type { EntryReader } from './entry-reader.js';
import { readHeaders } from './read-headers.js';
import type { Secrets } from './read-secret.js';
import { PLACE_FIELDS, readPlace } from './place-fields.js';
import { isSimplePolygon, turnsRightOnly } from './polygon.js';

const FIELDS = [
  ...['cctvId', 'hls', 'headers', 'headerOrigins', 'region', 'calibration'],
  ...['record', 'inspectEveryMinutes', 'inspectSeconds'],
  ...PLACE_FIELDS,
];
const HLS_EXAMPLE = 'https://example.com/stream.m3u8';
const DEFAULT_INSPECT_SECONDS = 20;
const MINUTES_PER_WEEK = 7 * 24 * 60;
const REGION_POINTS = { min: 3, max: 64 };
/** Nobody measures a larger rectangle on a road, m. */
const LARGEST_SIDE_M = 1_000;

/** Bounds that come from other settings. */
export interface CameraLimits {
  readonly secrets: Secrets;
  /** Most that a job may watch, s. */
  readonly maxSeconds: number;
}

/** Reads one camera of the file; undefined when its name is of no use. Every problem is reported. */
export function readCamera(entry: EntryReader, limits: CameraLimits): Camera | undefined {
  entry.refuseUnknown(FIELDS);
  const cctvId = readName(entry);
  const hls = readHls(entry);
  const camera = {
    ...readPlace(entry),
    hls,
    headers: readHeaders(entry, hls, limits.secrets),
    region: readRegion(entry),
    calibration: readCalibration(entry),
    record: entry.flag('record') ?? false,
    inspectEveryMinutes: entry.whole('inspectEveryMinutes', { min: 1, max: MINUTES_PER_WEEK, unit: 'minutes' }),
    inspectSeconds: readInspectSeconds(entry, limits),
  };
  if (!entry.has('hls')) {
    if (camera.record) entry.wrong('hls', 'is missing; record needs it');
    if (camera.inspectEveryMinutes !== undefined) entry.wrong('hls', 'is missing; inspectEveryMinutes needs it');
  }
  return cctvId === undefined ? undefined : { cctvId, ...camera };
}

function readName(entry: EntryReader): string | undefined {
  if (!entry.has('cctvId')) return entry.wrong('cctvId', 'is missing; each camera needs one');
  const name = entry.text('cctvId');
  return name === undefined || isName(name) ? name : entry.wrong('cctvId', NAME_RULE);
}

/** The URL may carry secrets: no problem repeats it. */
function readHls(entry: EntryReader): string | undefined {
  const hls = entry.text('hls');
  const objection = hls === undefined ? undefined : objectionToUrl(hls, HLS_EXAMPLE);
  return objection === undefined ? hls : entry.wrong('hls', objection.rule);
}

function readInspectSeconds(entry: EntryReader, { maxSeconds }: CameraLimits): number {
  const seconds = entry.whole('inspectSeconds', { min: 1, max: maxSeconds, unit: 'seconds (JOB_MAX_SECONDS)' });
  return seconds ?? Math.min(DEFAULT_INSPECT_SECONDS, maxSeconds);
}

function readRegion(entry: EntryReader): readonly PicturePoint[] | undefined {
  const points = readPoints(entry, 'region', REGION_POINTS);
  if (points === undefined || isSimplePolygon(points)) return points;
  return entry.wrong('region', 'must be an outline that does not cross or touch itself: give its corners in order');
}

function readCalibration(parent: EntryReader): Calibration | undefined {
  const entry = parent.within('calibration');
  if (entry === undefined) return undefined;
  entry.refuseUnknown(['corners', 'widthM', 'lengthM']);
  const corners = readCorners(entry);
  const widthM = entry.measure('widthM', { max: LARGEST_SIDE_M, unit: 'm' });
  const lengthM = entry.measure('lengthM', { max: LARGEST_SIDE_M, unit: 'm' });
  return corners && widthM && lengthM ? { corners, widthM, lengthM } : undefined;
}

function readCorners(entry: EntryReader): Calibration['corners'] | undefined {
  if (!entry.has('corners')) return entry.wrong('corners', 'is missing; four points [x, y] of the road');
  const points = readPoints(entry, 'corners', { min: 4, max: 4 });
  if (points === undefined) return undefined;
  const [farLeft, farRight, nearRight, nearLeft] = points as unknown as Calibration['corners'];
  // What is far away is higher up in the picture of every camera that sees a road.
  const farIsHigher = farLeft[1] + farRight[1] < nearRight[1] + nearLeft[1];
  if (farIsHigher && turnsRightOnly(points)) return [farLeft, farRight, nearRight, nearLeft];
  return entry.wrong(
    'corners',
    'must be far left, far right, near right, near left, with no corner that points inwards',
  );
}

function readPoints(entry: EntryReader, field: string, { min, max }: typeof REGION_POINTS): PicturePoint[] | undefined {
  const values = entry.list(field);
  if (values === undefined) return undefined;
  if (values.length < min || values.length > max) {
    return entry.wrong(field, `must have ${min === max ? min : `${min} to ${max}`} points; it has ${values.length}`);
  }
  const points = values.filter(isPoint);
  if (points.length === values.length) return points;
  const first = values.findIndex((value) => !isPoint(value)) + 1;
  return entry.wrong(field, `must hold points [x, y] with numbers from 0 to 1; its point no. ${first} is none`);
}

function isPoint(value: unknown): value is PicturePoint {
  const isShare = (share: unknown): boolean => typeof share === 'number' && share >= 0 && share <= 1;
  return Array.isArray(value) && value.length === 2 && value.every(isShare);
}
