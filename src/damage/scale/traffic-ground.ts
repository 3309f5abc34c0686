import type { PlanePoint } from '../../picture/geometry/homography.js';
import { CAR_WIDTH_M, carWidthAt, isKnownAt, uncertaintyAt, type RoadScale } from './road-scale.js';

/**
 * How long the lens is, in widths of the picture: traffic does not tell. Cameras at roads see from 35 degrees (1.6) to 75
 * degrees (0.65) from left to right; what lies along the view is off by as much.
 */
const FOCAL = 1;
const FOCAL_SPREAD = 0.4;

/** How far sizes may be off, as shares, one deviation. */
export interface SizeUncertainty {
  /** Across the view. */
  width: number;
  /** Along the view: known badly, as the lens is not known. */
  length: number;
  area: number;
}

/** The road as a plane by the vehicles that drove there: m, x across the view, y along it. The camera does not lean aside. */
export class TrafficGround {
  /** Focal length over the cosine of the tilt, px. */
  private readonly depth: number;
  /** How far the depth may be off for what is not known of the lens, as a share. */
  private readonly depthError: number;

  /** @param image px */
  constructor(
    private readonly scale: RoadScale,
    private readonly image: { width: number; height: number },
  ) {
    const focal = FOCAL * image.width;
    this.depth = Math.hypot(focal, (0.5 - scale.horizon) * image.height);
    this.depthError = FOCAL_SPREAD * (focal / this.depth) ** 2;
  }

  /** Where a point of the picture lies, m; undefined where the scale is not known well enough. */
  onGround([x, y]: PlanePoint): PlanePoint | undefined {
    const row = y / this.image.height;
    if (!isKnownAt(this.scale, row)) return undefined;
    const pxPerMetre = (carWidthAt(this.scale, row) * this.image.width) / CAR_WIDTH_M;
    return [(x - this.image.width / 2) / pxPerMetre, this.depth / pxPerMetre];
  }

  /** @param y px */
  uncertaintyAt(y: number): SizeUncertainty {
    const across = uncertaintyAt(this.scale, y / this.image.height);
    return {
      width: rounded(across),
      length: rounded(Math.hypot(across, this.depthError)),
      area: rounded(Math.hypot(2 * across, this.depthError)),
    };
  }
}

function rounded(share: number): number {
  return Math.round(100 * share) / 100;
}
