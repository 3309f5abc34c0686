import sharp from 'sharp';
import type { Picture } from '../background/picture.js';

/**
 * A picture as JPEG, with full-resolution colour (4:4:4) so that thin marks stay sharp.
 * @param quality 1..100
 */
export function encodeJpeg({ rgb, width, height }: Picture, quality: number): Promise<Buffer> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .jpeg({ quality, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
