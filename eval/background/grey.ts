import sharp from 'sharp';

/** Grey values of a picture, rows without padding. */
export interface Grey {
  /** px */
  width: number;
  /** px */
  height: number;
  /** 0..255, `width * height` of them. */
  data: Float64Array;
}

/** The luma of ITU-R BT.601, rounded to whole grey values as 8-bit pictures hold them. */
export function greyOf(rgb: Uint8Array, width: number, height: number): Grey {
  const data = new Float64Array(width * height);
  for (let i = 0, p = 0; i < data.length; i++, p += 3) {
    data[i] = Math.round(0.299 * rgb[p]! + 0.587 * rgb[p + 1]! + 0.114 * rgb[p + 2]!);
  }
  return { width, height, data };
}

/** Reads a picture file as grey. */
export async function readGrey(file: string): Promise<Grey> {
  const image = sharp(file).flatten().toColourspace('srgb').raw({ depth: 'uchar' });
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return greyOf(data, info.width, info.height);
}

/** Reads a mask file: 1 where the picture is brighter than half. */
export async function readMask(
  file: string,
): Promise<{ width: number; height: number; data: Uint8Array<ArrayBuffer> }> {
  const { width, height, data } = await readGrey(file);
  return { width, height, data: Uint8Array.from(data, (value) => (value > 127 ? 1 : 0)) };
}
