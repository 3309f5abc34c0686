import type { Calibration } from '../../cameras/camera.js';
import {
  homographyOf,
  inverseOf,
  isInFront,
  mapped,
  type Corners,
  type Homography,
  type PlanePoint,
} from '../../picture/geometry/homography.js';

/** A share of the calibrated rectangle's size: beyond it by more, a small error of its corners grows large. */
const MARGIN = 0.5;

/** The road as a plane in metres: x across from left to right, y along from far to near; (0, 0) is far left. */
export class GroundPlane {
  private constructor(
    /** m */
    readonly width: number,
    /** m */
    readonly length: number,
    /** px of the picture to m */
    readonly toGround: Homography,
    /** m to px of the picture */
    readonly toPicture: Homography,
    private readonly known: PlanePoint,
  ) {}

  /** The plane in a picture of a size in px. Undefined when the corners do not make a rectangle seen from a side. */
  static of(
    { corners, widthM, lengthM }: Calibration,
    image: { width: number; height: number },
  ): GroundPlane | undefined {
    const inPicture = corners.map(([x, y]) => [x * image.width, y * image.height]) as unknown as Corners;
    const toGround = homographyOf(inPicture, [
      [0, 0],
      [widthM, 0],
      [widthM, lengthM],
      [0, lengthM],
    ]);
    const toPicture = toGround && inverseOf(toGround);
    return toPicture && new GroundPlane(widthM, lengthM, toGround, toPicture, inPicture[2]);
  }

  /** Where a point of the picture lies on the road, m; undefined where the calibration says too little. */
  onGround(point: PlanePoint): PlanePoint | undefined {
    if (!isInFront(this.toGround, point, this.known)) return undefined;
    const [x, y] = mapped(this.toGround, point);
    const near = (value: number, size: number) => value >= -MARGIN * size && value <= (1 + MARGIN) * size;
    return near(x, this.width) && near(y, this.length) ? [x, y] : undefined;
  }

  /** Where a place on the road appears, px. */
  pictureOf(metres: PlanePoint): PlanePoint {
    return mapped(this.toPicture, metres);
  }

  /** The side in m of a square on the road that `side` px of the picture show at a point, across and along. */
  resolutionAt(point: PlanePoint, side: number): { across: number; along: number } {
    const [x, y] = mapped(this.toGround, point);
    const [rightX, rightY] = mapped(this.toGround, [point[0] + side, point[1]]);
    const [downX, downY] = mapped(this.toGround, [point[0], point[1] + side]);
    return {
      across: Math.max(Math.abs(rightX - x), Math.abs(downX - x)),
      along: Math.max(Math.abs(rightY - y), Math.abs(downY - y)),
    };
  }
}
