import sharp from 'sharp';
import { task } from '../../threads/thread-serve.js';
import { detailIn, registeredSize } from './picture-detail.js';
import { offsetBetween, type Offset } from './registration.js';

/** Two encoded pictures. */
export interface AlignRequest {
  readonly from: Uint8Array;
  readonly to: Uint8Array;
}

/** No picture of ours has more. */
const MOST_PIXELS = 64_000_000;

/** Where what the first picture shows lies in the second; null when it does not show the same. */
export default task<AlignRequest, Offset | null>(async ({ from, to }) => {
  const first = sharp(from, { limitInputPixels: MOST_PIXELS });
  const size = registeredSize(await first.metadata());
  const details = [await detailIn(first, size), await detailIn(sharp(to, { limitInputPixels: MOST_PIXELS }), size)];
  return { output: offsetBetween(details[0]!, details[1]!) ?? null, transfer: [] };
});
