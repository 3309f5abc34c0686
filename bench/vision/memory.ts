import { fileURLToPath } from 'node:url';
import type { MemoryClip } from './clips.js';
import { usageOf } from './measure.js';

/** The most a worker process held while it found one background. */
export interface PeakMemory {
  clip: string;
  /** Resident memory, MB; ffmpeg's is not in it. */
  peakMb: number;
  /** Of that what Node holds by itself, MB. */
  idleMb: number;
}

const EXTRACT = fileURLToPath(new URL('./extract.js', import.meta.url));

/** Measures clips that are served below a URL. */
export async function peakMemory(clips: readonly MemoryClip[], url: string): Promise<PeakMemory[]> {
  const all: PeakMemory[] = [];
  for (const { name, folder, seconds } of clips) {
    const playlist = `${url}/${folder}/index.m3u8`;
    const idleMb = await peakMbOf(playlist, seconds, 0);
    all.push({ clip: name, peakMb: await peakMbOf(playlist, seconds, 1), idleMb });
  }
  return all;
}

async function peakMbOf(playlist: string, seconds: number, times: number): Promise<number> {
  const { stdout } = await usageOf(process.execPath, EXTRACT, playlist, String(seconds), String(times));
  return Number(stdout) / 1024;
}
