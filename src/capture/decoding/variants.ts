import type { VideoStreamWords } from '../ffmpeg/ffmpeg-words.js';

/**
 * The variant of a master playlist to take instead of the largest, which is what ffmpeg takes by itself: the largest one
 * that is not higher than `maxHeight` px. Null when the largest fits, or when none does and scaling down has to do.
 */
export function betterVariant(streams: readonly VideoStreamWords[], maxHeight: number): number | null {
  if (streams.every((stream) => stream.height <= maxHeight)) return null;
  const fitting = streams.filter((stream) => stream.height <= maxHeight);
  return fitting.sort((a, b) => b.height * b.width - a.height * a.width)[0]?.index ?? null;
}
