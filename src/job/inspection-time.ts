/** What an inspection takes beside watching, on a slow and busy machine. ms */
const BESIDE_WATCHING_MS = 120_000;

/** The longest that an inspection of so many seconds of video may rightly take, ms. */
export function inspectionNeedsMs(seconds: number): number {
  return seconds * 1_000 + BESIDE_WATCHING_MS;
}
