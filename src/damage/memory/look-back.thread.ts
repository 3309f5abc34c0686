import sharp from 'sharp';
import { emptyMask, shareOf, type Mask } from '../../picture/mask.js';
import type { Picture } from '../../picture/picture.js';
import { task } from '../../threads/thread-serve.js';
import { doubtOfLostSharpness } from './lost-sharpness.js';
import { fillHidden, type Donor } from './fill.js';
import type { Detail } from '../../picture/registration/detail.js';
import { movedMask } from '../../picture/registration/moved-mask.js';
import { detailIn, registeredSize } from '../../picture/registration/picture-detail.js';
import { offsetBetween, type Offset } from '../../picture/registration/registration.js';

/** What the thread is given. */
export interface LookBackRequest {
  picture: Picture;
  /** Where the road stayed in doubt, blocks of `blockSize` px. */
  hidden: Mask;
  blockSize: number;
  /** Newest first. */
  earlier: readonly EarlierPicture[];
  /** So many of the newest show how clear the view usually is. */
  usual: number;
}

/** A visit as the thread needs it. */
export interface EarlierPicture {
  /** Encoded. */
  picture: Uint8Array;
  hidden: Mask;
  /** Only from such a one gaps are filled. */
  judged: boolean;
}

/** What it gives back. */
export interface LookedBack {
  /** For each earlier visit where it lies; null when it does not show the same. */
  offsets: (Offset | null)[];
  /** With gaps filled; undefined when none was. */
  picture: Picture | undefined;
  filled: Mask;
  /** A sentence when the view is much less clear than it used to be. */
  doubt: string | undefined;
}

export default task<LookBackRequest, LookedBack>(async (request) => {
  const { picture, hidden, earlier, usual } = request;
  const size = registeredSize(picture);
  const now = await detailIn(
    sharp(picture.rgb, { raw: { width: picture.width, height: picture.height, channels: 3 } }),
    size,
  );
  const details: Detail[] = [];
  for (const visit of earlier) details.push(await detailIn(sharp(visit.picture), size));
  const offsets = details.map((detail) => offsetBetween(now, detail) ?? null);
  const filled = shareOf(hidden) > 0 ? await fillFrom(request, offsets) : emptyMask(hidden.width, hidden.height);
  const changed = shareOf(filled) > 0 ? picture : undefined;
  const same = details.flatMap((detail, i) => (offsets[i] ? [{ detail, offset: offsets[i] }] : []));
  const output = { offsets, picture: changed, filled, doubt: doubtOfLostSharpness(now, same.slice(0, usual)) };
  return { output, transfer: changed ? [changed.rgb.buffer] : [] };
});

async function fillFrom(
  { picture, hidden, blockSize, earlier }: LookBackRequest,
  offsets: readonly (Offset | null)[],
): Promise<Mask> {
  const donors: Donor[] = [];
  for (const [i, visit] of earlier.entries()) {
    const offset = offsets[i] ?? null;
    if (offset === null || !visit.judged) continue;
    const seen = movedMask(visit.hidden, offset, hidden.width, hidden.height);
    donors.push({ picture: await decoded(visit.picture), offset, hidden: seen });
  }
  return fillHidden(picture, hidden, blockSize, donors);
}

async function decoded(bytes: Uint8Array): Promise<Picture> {
  const { data, info } = await sharp(bytes).toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
}
