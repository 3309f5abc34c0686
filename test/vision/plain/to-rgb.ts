import { FINE } from '../../../src/background/fixed-point.js';
import type { YuvFormat } from '../../../src/background/steps/to-rgb.js';
import type { Picture } from '../../../src/picture/picture.js';

/** Kr and Kb of ITU-R BT.601 and BT.709. */
const WEIGHTS = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722] } as const;

/** Turns a fine YUV 4:2:0 frame of even size into RGB; chroma is interpolated between its samples. */
export function toRgb(frame: Uint16Array, width: number, height: number, format: YuvFormat): Picture {
  const picture = { width, height, rgb: new Uint8Array(width * height * 3) };
  const u = new Float32Array(width);
  const v = new Float32Array(width);
  const luma = width * height;
  for (let y = 0; y < height; y++) {
    chromaRow(frame, luma, width, height, y, u);
    chromaRow(frame, luma + luma / 4, width, height, y, v);
    convertRow(frame.subarray(y * width, (y + 1) * width), u, v, picture.rgb.subarray(y * width * 3), format);
  }
  return picture;
}

function convertRow(luma: Uint16Array, u: Float32Array, v: Float32Array, rgb: Uint8Array, format: YuvFormat): void {
  const [kr, kb] = WEIGHTS[format.colorMatrix];
  const kg = 1 - kr - kb;
  const base = format.fullRange ? 0 : 16;
  const gain = format.fullRange ? 1 : 255 / 219;
  const chroma = format.fullRange ? 1 : 255 / 224;
  const [rv, bu] = [2 * (1 - kr) * chroma, 2 * (1 - kb) * chroma];
  const [gu, gv] = [(bu * kb) / kg, (rv * kr) / kg];
  for (let x = 0, i = 0; x < luma.length; x++, i += 3) {
    const grey = (luma[x]! / FINE - base) * gain;
    const blue = u[x]! - 128;
    const red = v[x]! - 128;
    rgb[i] = clamp(grey + rv * red);
    rgb[i + 1] = clamp(grey - gu * blue - gv * red);
    rgb[i + 2] = clamp(grey + bu * blue);
  }
}

/** Chroma lies on the even columns and between two rows (the siting of MPEG-2 and H.264). */
function chromaRow(
  frame: Uint16Array,
  offset: number,
  width: number,
  height: number,
  y: number,
  out: Float32Array,
): void {
  const half = width / 2;
  const near = y >> 1;
  const far = Math.min(height / 2 - 1, Math.max(0, near + (y % 2 === 0 ? -1 : 1)));
  const [a, b] = [offset + near * half, offset + far * half];
  for (let x = 0; x < half; x++) out[2 * x] = (0.75 * frame[a + x]! + 0.25 * frame[b + x]!) / FINE;
  for (let x = 1; x < width; x += 2) out[x] = (out[x - 1]! + out[Math.min(width - 2, x + 1)]!) / 2;
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : (value + 0.5) | 0;
}
