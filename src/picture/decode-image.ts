import sharp, { type Metadata } from 'sharp';
import type { Picture } from './picture.js';
import { InvalidJobError } from '../job/errors.js';

/** What an uploaded image may be. */
export interface ImageLimits {
  /** Most pixels, width times height: a few bytes of file may say they are gigabytes of picture. */
  maxPixels: number;
  /** Fewest pixels of width and height; any number if left out. */
  minSide?: number;
  /** Most pixels of width and height; any number if left out. */
  maxSide?: number;
}

/** A decoder that takes longer has been given something that was made to take long. s */
const DECODE_SECONDS = 20;

/** How each kind of file begins. What begins otherwise is never handed to a decoder. */
const BEGINNINGS: readonly RegExp[] = [/^\xff\xd8\xff/, /^\x89PNG\r\n/, /^RIFF[^]{4}WEBP/];

/**
 * Decodes an uploaded JPEG, PNG or WebP as its author sees it: turned upright by EXIF, transparent parts white.
 * Of an animation it takes the first frame.
 *
 * @throws InvalidJobError `IMAGE_TYPE`, `IMAGE_TOO_LARGE`, `IMAGE_TOO_SMALL`, `IMAGE_UNREADABLE`
 */
export async function decodeImage(image: Buffer, limits: ImageLimits): Promise<Picture> {
  const beginning = image.toString('latin1', 0, 12);
  if (!BEGINNINGS.some((pattern) => pattern.test(beginning))) {
    throw new InvalidJobError('IMAGE_TYPE', 'The file is no JPEG, PNG or WebP image; send one of these.');
  }
  checkSize(await metadataOf(image), limits);
  return pixelsOf(image, limits.maxPixels);
}

function checkSize({ width, height }: Metadata, { maxPixels, minSide = 1, maxSide = Infinity }: ImageLimits): void {
  const size = `The image has ${width} x ${height} pixels`;
  if (width * height > maxPixels) {
    throw new InvalidJobError('IMAGE_TOO_LARGE', `${size}; send one of at most ${maxPixels} pixels.`);
  }
  if (Math.max(width, height) > maxSide) {
    throw new InvalidJobError('IMAGE_TOO_LARGE', `${size}; send one of at most ${maxSide} on each side.`);
  }
  if (Math.min(width, height) < minSide) {
    throw new InvalidJobError('IMAGE_TOO_SMALL', `${size}; send one of at least ${minSide} on each side.`);
  }
}

/** Reads the header only, so no limit is needed here. */
async function metadataOf(image: Buffer): Promise<Metadata> {
  try {
    return await sharp(image, { limitInputPixels: false }).metadata();
  } catch (cause) {
    throw unreadable(cause);
  }
}

async function pixelsOf(image: Buffer, maxPixels: number): Promise<Picture> {
  try {
    const { data, info } = await sharp(image, { limitInputPixels: maxPixels, failOn: 'error' })
      .timeout({ seconds: DECODE_SECONDS })
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { width: info.width, height: info.height, rgb: new Uint8Array(data) };
  } catch (cause) {
    throw unreadable(cause);
  }
}

function unreadable(cause: unknown): InvalidJobError {
  const message = 'The image cannot be decoded: it is damaged or cut short. Send it again.';
  return new InvalidJobError('IMAGE_UNREADABLE', message, { cause });
}
