import sharp from 'sharp';
import { annotate } from '../../src/damage/annotate/annotate.js';
import type { Picture } from '../../src/picture/picture.js';
import type { JudgedPicture } from './tally.js';

/** Pictures side by side, and the width of each. px */
const COLUMNS = 2;
const WIDTH = 800;

const FRAME_COLOURS = { right: '#00b050', false: '#ff00ff', unknown: '#ffffff' } as const;

/** One line of a contact sheet. */
export interface Shown {
  picture: Picture;
  judged: JudgedPicture;
}

/** A contact sheet as JPEG: each picture with its marks as the service draws them, right ones framed green, false ones magenta. */
export async function contactSheet(shown: readonly Shown[]): Promise<Buffer> {
  const tiles = await Promise.all(shown.map(tileOf));
  const rows = Array.from({ length: Math.ceil(tiles.length / COLUMNS) }, (_, i) =>
    tiles.slice(i * COLUMNS, (i + 1) * COLUMNS),
  );
  let top = 0;
  const placed = rows.flatMap((row) => {
    const line = row.map(({ data }, column) => ({ input: data, left: column * WIDTH, top }));
    top += Math.max(...row.map(({ info }) => info.height));
    return line;
  });
  const sheet = sharp({ create: { width: COLUMNS * WIDTH, height: top, channels: 3, background: '#222' } });
  return sheet.composite(placed).jpeg({ quality: 85 }).toBuffer();
}

async function tileOf({ picture, judged: { name, analysis, marks, truth } }: Shown) {
  const drawn = await annotate(picture, analysis, { cctvId: name, time: new Date(0) });
  const { width, height } = picture;
  const frames = marks.map(({ detection: { box }, is }) => {
    const [x, y] = [box.x - 5, box.y - 5];
    return `<rect x="${x}" y="${y}" width="${box.width + 10}" height="${box.height + 10}" fill="none" stroke="${FRAME_COLOURS[is]}" stroke-width="3"/>`;
  });
  const dots = truth.damages.flatMap(({ points }) =>
    points.map(([x, y]) => `<circle cx="${x * width}" cy="${y * height}" r="2" fill="#00ffff"/>`),
  );
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${dots.join('')}${frames.join('')}</svg>`;
  const framed = await sharp(drawn)
    .composite([{ input: Buffer.from(svg), left: 0, top: 0 }])
    .png()
    .toBuffer();
  return sharp(framed).resize({ width: WIDTH }).png().toBuffer({ resolveWithObject: true });
}
