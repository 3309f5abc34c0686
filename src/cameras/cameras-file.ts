import { readFile } from 'node:fs/promises';
import { messageOf } from '../job/errors.js';
import { quote } from '../job/payload/refusal.js';
import { readToldJson } from '../job/payload/told-json.js';
import { readCamera, type CameraLimits } from './camera-entry.js';
import { Cameras, type Camera } from './camera.js';
import { CamerasFileError } from './cameras-file.error.js';
import { EntryReader, isEntry, type Entry } from './entry-reader.js';

/**
 * Reads the cameras file.
 * @throws CamerasFileError CAMERAS_FILE_UNREADABLE, CAMERAS_FILE_WRONG
 */
export async function readCamerasFile(path: string, limits: CameraLimits): Promise<Cameras> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const problem = `It cannot be read (${messageOf(error)}): name a file that this user may read.`;
    throw new CamerasFileError('CAMERAS_FILE_UNREADABLE', [problem], error);
  });
  return parseCameras(text, limits);
}

/**
 * Reads the text of a cameras file: `{ "cameras": [ { "cctvId": … } ] }`.
 * @throws CamerasFileError CAMERAS_FILE_WRONG that lists every problem at once
 */
export function parseCameras(text: string, limits: CameraLimits): Cameras {
  const problems: string[] = [];
  const report = (problem: string): void => void problems.push(problem);
  const entries = readList(parseJson(text), report);
  const cameras = entries.flatMap((entry, i) => readNumbered(entry, i, report, limits) ?? []);
  reportTwins(cameras, report);
  if (problems.length > 0) throw new CamerasFileError('CAMERAS_FILE_WRONG', problems);
  return new Cameras(cameras);
}

function readList(file: Entry, report: (problem: string) => void): readonly unknown[] {
  const reader = new EntryReader(file, '', report);
  reader.refuseUnknown(['cameras']);
  if (!reader.has('cameras')) reader.wrong('cameras', 'is missing; write { "cameras": [ … ] }');
  return reader.list('cameras') ?? [];
}

function readNumbered(
  entry: unknown,
  index: number,
  report: (problem: string) => void,
  limits: CameraLimits,
): Camera | undefined {
  if (isEntry(entry)) return readCamera(new EntryReader(entry, nameOf(entry, index), report), limits);
  report(`camera no. ${index + 1}: must be an object in curly brackets`);
  return undefined;
}

function nameOf({ cctvId }: Entry, index: number): string {
  return typeof cctvId === 'string' && cctvId !== '' ? `camera ${quote(cctvId)}` : `camera no. ${index + 1}`;
}

function reportTwins(cameras: readonly Camera[], report: (problem: string) => void): void {
  const seen = new Set<string>();
  for (const { cctvId } of cameras) {
    if (seen.has(cctvId)) report(`camera ${quote(cctvId)}: cctvId is there more than once`);
    seen.add(cctvId);
  }
}

function parseJson(text: string): Entry {
  const read = readToldJson(text);
  if ('problem' in read) throw new CamerasFileError('CAMERAS_FILE_WRONG', [read.problem]);
  if (isEntry(read.value)) return read.value;
  throw new CamerasFileError('CAMERAS_FILE_WRONG', ['It must be one object: { "cameras": [ … ] }.']);
}
