import type { CapturedFrames } from '../../capture/frame-source.js';
import { drawnLooksOf, type DrawnLooks } from './drawn.js';
import { recurrenceOf, type Recurrence } from './recurrence.js';

/**
 * What a stream shows: a live view, a picture that stands still, or what is sent in place of a view, which is a text on
 * a plain ground, or colour bars.
 */
export type Showing = 'live' | 'frozen' | 'slate' | 'color_bars';

/** What a stream shows, and the measures that tell. Shares are 0..1. */
export interface View extends Recurrence, DrawnLooks {
  showing: Showing;
}

/**
 * Of still pictures 12 to 100 % comes back in most fields, of the quietest roads by day and night at most 3 % (x264 at crf 23
 * to 40 and 300 to 500 kb/s, noise of 0.3 to 2 grey values).
 */
const FROZEN_TEXTURE = 0.1;

/** Of a still picture an encoder repeats most blocks from frame to frame: 90 % and more. Where less is the same, something moves. */
const STILL_NEIGHBOURS = 0.7;

/** Without texture, as before a plain slate, nearly all has to come back. */
const FROZEN_WHOLE = 0.9;

/** No view of a road has one grey value on so much of it. */
const SLATE_SHARE = 0.6;

/** A clock or a name may be burned into the bars. */
const BARS_SHARE = 0.9;

/** Judges what a stream shows, by frames as they were captured. */
export function viewOf(captured: CapturedFrames): View {
  const { frames, width, height } = captured;
  const measures = { ...recurrenceOf(captured), ...drawnLooksOf(frames[0]!, width, height) };
  return { showing: showingOf(measures, isSameThroughout(captured)), ...measures };
}

function showingOf(measures: Recurrence & DrawnLooks, same: boolean): Showing {
  const { texture, whole, neighbours, flatShare, barShare } = measures;
  const isStill = same || (whole !== null && whole >= FROZEN_WHOLE);
  const isAlive = neighbours !== null && neighbours < STILL_NEIGHBOURS;
  if (barShare >= BARS_SHARE) return 'color_bars';
  if (flatShare >= SLATE_SHARE && (isStill || whole === null)) return 'slate';
  return isStill || (texture !== null && texture >= FROZEN_TEXTURE && !isAlive) ? 'frozen' : 'live';
}

/**
 * Whether the first and the last frame are the same to the last bit. Within one group of pictures a quiet road may be: then
 * the encoder found nothing worth sending.
 */
function isSameThroughout({ frames, groups }: CapturedFrames): boolean {
  return groups[0] !== groups.at(-1) && Buffer.compare(frames[0]!, frames.at(-1)!) === 0;
}
