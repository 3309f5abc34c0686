import sharp from 'sharp';
import type { Picture } from '../../../picture/picture.js';
import { KEPT_SIDE } from './visit.js';

/** At this quality nobody tells the road from the original; of 1..100. */
const QUALITY = 82;

/** A background as it is kept for later visits: WebP, reduced. */
export function keptPicture({ width, height, rgb }: Picture): Promise<Buffer> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ width: KEPT_SIDE, height: KEPT_SIDE, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY, effort: 2 })
    .toBuffer();
}
