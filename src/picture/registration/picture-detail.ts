import type { Sharp } from 'sharp';
import { detailOf, type Detail } from './detail.js';

/** Pictures are laid upon each other at this width: enough for a fraction of a pixel of the source. px */
const REGISTERED_WIDTH = 384;

/** px */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size at which a picture is laid upon others. */
export function registeredSize({ width, height }: Size): Size {
  const scale = Math.min(1, REGISTERED_WIDTH / width);
  return { width: Math.round(width * scale), height: Math.max(1, Math.round(height * scale)) };
}

/** The detail of a picture at a size. */
export async function detailIn(image: Sharp, size: Size): Promise<Detail> {
  const data = await image
    .resize({ ...size, fit: 'fill' })
    .greyscale()
    .raw()
    .toBuffer();
  return detailOf({ ...size, data: new Uint8Array(data) });
}
