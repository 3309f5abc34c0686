import sharp from 'sharp';
import type { Picture } from '../../src/picture/picture.js';

/** A picture whose left `share` is seen through water. */
export async function blurred({ width, height, rgb }: Picture, share: number): Promise<Picture> {
  const raw = { raw: { width, height, channels: 3 as const } };
  const wide = Math.round(width * share);
  const wet = await sharp(rgb, raw).blur(8).extract({ left: 0, top: 0, width: wide, height }).png().toBuffer();
  const { buffer } = new Uint8Array(
    await sharp(rgb, raw)
      .composite([{ input: wet, left: 0, top: 0 }])
      .removeAlpha()
      .raw()
      .toBuffer(),
  );
  return { width, height, rgb: new Uint8Array(buffer) };
}
