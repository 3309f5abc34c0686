import sharp from 'sharp';

const QUALITY = 80;
/** No picture of ours has more. */
const MOST_PIXELS = 64_000_000;

/** A stored picture made smaller, as JPEG; one that is narrower stays as wide. Works on sharp's threads. @param width px */
export function thumbnail(picture: Buffer, width: number): Promise<Buffer> {
  return sharp(picture, { limitInputPixels: MOST_PIXELS })
    .resize({ width, withoutEnlargement: true })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}
