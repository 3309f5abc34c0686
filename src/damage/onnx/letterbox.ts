import type { Box } from '../../picture/geometry/box.js';
import sharp from 'sharp';
import type { Picture } from '../../picture/picture.js';
import type { InputSize, Layout } from './layouts/layout.js';

/** How a picture was put into a model's input without changing its shape. */
export interface Letterbox {
  /** px of the input for a px of the picture. */
  scale: number;
  /** px of grey to the left. */
  left: number;
  /** px of grey above. */
  top: number;
}

/** The grey that YOLO was trained with. */
const GREY = 114;

/** Where a picture goes in an input. */
export function letterboxOf(picture: InputSize, input: InputSize, place: Layout['picture']): Letterbox {
  const scale = Math.min(input.width / picture.width, input.height / picture.height);
  if (place === 'corner') return { scale, left: 0, top: 0 };
  return {
    scale,
    left: Math.floor((input.width - Math.round(picture.width * scale)) / 2),
    top: Math.floor((input.height - Math.round(picture.height * scale)) / 2),
  };
}

/** The box in px of the picture, cut where it leaves it. */
export function unletterboxed(box: Box, { scale, left, top }: Letterbox, picture: InputSize): Box {
  const within = (value: number, most: number) => Math.max(0, Math.min(most, value));
  const x = within((box.x - left) / scale, picture.width);
  const y = within((box.y - top) / scale, picture.height);
  const right = within((box.x + box.width - left) / scale, picture.width);
  const bottom = within((box.y + box.height - top) / scale, picture.height);
  return { x, y, width: Math.max(0, right - x), height: Math.max(0, bottom - y) };
}

/** The picture in an input of a model, interleaved RGB 0..255. */
export function letterbox(
  { width, height, rgb }: Picture,
  input: InputSize,
  { scale, left, top }: Letterbox,
): Promise<Buffer> {
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) };
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .resize({ ...size, fit: 'fill', kernel: 'linear' })
    .extend({
      left,
      top,
      right: input.width - size.width - left,
      bottom: input.height - size.height - top,
      background: { r: GREY, g: GREY, b: GREY },
    })
    .raw()
    .toBuffer();
}
