import sharp from 'sharp';
import type { Picture } from '../picture/picture.js';

/** px; fine enough for edges, coarse enough that no camera's own softness counts */
const LOOKED_AT_WIDTH = 640;

/**
 * Deviation of grey values below which hardly anything can be told apart. Of pictures that were tried none of a road by
 * day came below 13; fog drawn over four fifths of them left 2.5 to 8.
 */
const LEAST_CONTRAST = 6;

/**
 * Sharpness (libvips: deviation of a Laplacian) below which no edge is left. Pictures of roads had 1.7 and more, the same
 * out of focus by two pixels at this width 0.3 and less.
 */
const LEAST_SHARPNESS = 0.5;

/** A sentence that says why a picture shows no road clearly, whatever a detector makes of it; else undefined. */
export async function doubtOfClarity({ width, height, rgb }: Picture): Promise<string | undefined> {
  const small = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ width: LOOKED_AT_WIDTH, withoutEnlargement: true })
    .greyscale()
    .png({ compressionLevel: 0 })
    .toBuffer();
  const { channels, sharpness } = await sharp(small).stats();
  if (channels[0]!.stdev < LEAST_CONTRAST) {
    return 'The picture has hardly any contrast: fog, darkness, or something on the lens.';
  }
  if (sharpness < LEAST_SHARPNESS) {
    return 'Nothing in the picture is sharp: the camera is out of focus, or rain or dirt is on the lens.';
  }
  return undefined;
}
