import sharp from 'sharp';
import type { Picture } from './picture.js';

/**
 * A picture as JPEG, with full-resolution colour (4:4:4) so that thin marks stay sharp. Works on sharp's threads.
 * @param quality 1..100
 * @param longestSide px; a larger picture is scaled down to it
 */
export function encodeJpeg({ rgb, width, height }: Picture, quality: number, longestSide = Infinity): Promise<Buffer> {
  const side = Math.min(longestSide, Math.max(width, height));
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
