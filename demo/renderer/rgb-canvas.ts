import { fillPolygon, type Plane } from './canvas.js';
import type { Rgb } from './color.js';

/** A picture in three planes, to draw on. */
export class RgbCanvas {
  private readonly planes: [Plane, Plane, Plane];

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    const plane = (): Plane => ({ data: new Uint8Array(width * height), width, height });
    this.planes = [plane(), plane(), plane()];
  }

  /** Sets one pixel; values outside 0..255 are clamped. */
  set(index: number, r: number, g: number, b: number): void {
    this.planes[0].data[index] = clamp(r);
    this.planes[1].data[index] = clamp(g);
    this.planes[2].data[index] = clamp(b);
  }

  /** Fills a polygon: x and y in turn, px. */
  fill(points: readonly number[], color: Rgb, opacity: number): void {
    this.planes.forEach((plane, channel) => fillPolygon(plane, points, 1, clamp(color[channel]!), opacity));
  }

  /** Fills a roundish spot. */
  blob(x: number, y: number, radius: number, color: Rgb, opacity: number): void {
    const points: number[] = [];
    for (let corner = 0; corner < 7; corner++) {
      const angle = (corner / 7) * 2 * Math.PI + x;
      points.push(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    }
    this.fill(points, color, opacity);
  }

  /** As a lens of limited sharpness shows it: blurred by a quarter of the neighbours; RGB interleaved. */
  developed(): Uint8Array<ArrayBuffer> {
    const rgb = new Uint8Array(this.width * this.height * 3);
    this.planes.forEach((plane, channel) => {
      const soft = soften(plane);
      for (let i = 0; i < soft.length; i++) rgb[3 * i + channel] = Math.round(soft[i]!);
    });
    return rgb;
  }
}

/** Convolves with [1 4 1]/6 in both directions. */
function soften({ data, width, height }: Plane): Float32Array {
  const across = new Float32Array(data.length);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      const left = data[column > 0 ? at - 1 : at]!;
      const right = data[column < width - 1 ? at + 1 : at]!;
      across[at] = (left + 4 * data[at]! + right) / 6;
    }
  }
  const soft = new Float32Array(data.length);
  for (let at = 0; at < data.length; at++) {
    const above = across[at >= width ? at - width : at]!;
    const below = across[at + width < data.length ? at + width : at]!;
    soft[at] = (above + 4 * across[at]! + below) / 6;
  }
  return soft;
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
