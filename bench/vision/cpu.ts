import { fileURLToPath } from 'node:url';
import { usageOf } from './measure.js';

/**
 * CPU of one round, s. Of ours what one more background costs a worker that has found one before, as they do all day; of
 * Python's what it costs without the interpreter and its libraries.
 */
export interface Round {
  /** ffmpeg decodes the clip at the rate of our frames, to nowhere. */
  bare: number;
  background: number;
  /** Null where there is no python3-opencv. */
  mog2: number | null;
  median: number | null;
}

const EXTRACT = fileURLToPath(new URL('./extract.js', import.meta.url));
const OPENCV = fileURLToPath(new URL('../../../bench/vision/opencv.py', import.meta.url));

/** s, the default of a job */
const SECONDS = '20';

/** How many more backgrounds are found to see what one costs. */
const MORE = 2;

/** Sixty frames of twenty seconds. */
const RATE = 'fps=3';

/** Where Debian's python3-opencv is seen, even if another Python comes first. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/** Measures in rounds: a machine that is busy for a while is busy for all. */
export async function cpuRounds(url: string, rounds: number): Promise<Round[]> {
  const python = await pythonWithOpenCv();
  const all: Round[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const bare = await cpuOf(
      'ffmpeg',
      '-v',
      'error',
      '-nostdin',
      '-t',
      SECONDS,
      '-i',
      url,
      '-vf',
      RATE,
      '-f',
      'null',
      '-',
    );
    const first = await cpuOf(process.execPath, EXTRACT, url, SECONDS, '1');
    const background = ((await cpuOf(process.execPath, EXTRACT, url, SECONDS, String(1 + MORE))) - first) / MORE;
    all.push({ bare, background, ...(await openCv(python, url)) });
  }
  return all;
}

async function openCv(python: string | null, url: string): Promise<Pick<Round, 'mog2' | 'median'>> {
  if (python === null) return { mog2: null, median: null };
  const idle = await cpuOf(python, OPENCV, 'idle', url, SECONDS);
  const mog2 = (await cpuOf(python, OPENCV, 'mog2', url, SECONDS)) - idle;
  return { mog2, median: (await cpuOf(python, OPENCV, 'median', url, SECONDS)) - idle };
}

async function cpuOf(command: string, ...args: string[]): Promise<number> {
  return (await usageOf(command, ...args)).cpuSeconds;
}

async function pythonWithOpenCv(): Promise<string | null> {
  for (const python of PYTHONS) {
    const found = await usageOf(python, '-c', 'import cv2, numpy').then(
      () => true,
      () => false,
    );
    if (found) return python;
  }
  return null;
}
