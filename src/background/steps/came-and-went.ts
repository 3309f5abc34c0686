/** Values within this many grey values of each other count as one. */
const ONE_VALUE = 10;

/** A frame shows a value in a region when it agrees with it on this share of the region. */
const AGREEING_SHARE = 0.6;

/** What stood for a while hid the road all that while: at most this share of the road's showings may lie within. */
const MOST_WITHIN = 0.1;

/** Whether a frame shows in a region what `luma` holds there. */
export function shows(frame: Uint8Array, region: readonly number[], luma: Uint8Array): boolean {
  let agreeing = 0;
  for (const pixel of region) if (Math.abs(frame[pixel]! - luma[pixel]!) <= ONE_VALUE) agreeing++;
  return agreeing >= AGREEING_SHARE * region.length;
}

/**
 * Whether what `stood` shows in a region came once and went once, and `road` was not seen in between. In dense traffic
 * it is the road that looks as if it had stood, from one vehicle at the clip's start to another like it at its end; but
 * then vehicles like these come by in between as well.
 *
 * @param frames in the order of time
 */
export function cameAndWentOnce(
  region: readonly number[],
  frames: readonly Uint8Array[],
  stood: Uint8Array,
  road: Uint8Array,
): boolean {
  const standing = frames.map((frame) => shows(frame, region, stood));
  const [from, until] = [standing.indexOf(true), standing.lastIndexOf(true)];
  const seen = [...frames.keys()].filter((time) => shows(frames[time]!, region, road));
  const within = seen.filter((time) => time > from && time < until);
  return within.length <= MOST_WITHIN * seen.length;
}
