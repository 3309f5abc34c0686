import sharp from 'sharp';
import type { Picture } from '../../picture/picture.js';
import type { DamageAnalysis } from '../damage-detector.js';
import { legendStrip, type Legend } from './legend.js';
import { marksOf } from './marks.js';
import { sizesFor, svg } from './svg.js';

const JPEG_QUALITY = 88;

/**
 * The picture with its detections drawn on it, and a strip of text below, as JPEG. Positions in the picture stay what
 * they were; only its height grows by the strip.
 */
export function annotate(picture: Picture, analysis: DamageAnalysis, legend: Legend): Promise<Buffer> {
  const { width, height, rgb } = picture;
  const sizes = sizesFor(height);
  const strip = legendStrip(legend, analysis, width, sizes);
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .extend({ bottom: strip.height, background: '#000' })
    .composite([
      { input: svg(width, height, marksOf(analysis, sizes)), left: 0, top: 0 },
      { input: svg(width, strip.height, strip.content), left: 0, top: height },
    ])
    .jpeg({ quality: JPEG_QUALITY, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
