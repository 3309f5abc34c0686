import type { GroundPlane } from './ground-plane.js';
import type { Homography } from '../../picture/geometry/homography.js';
import type { PlaneView } from '../../picture/geometry/rectify.js';

/** The road is shown with so much more to its sides, a share of its width: calibrations end at the paint. */
const SIDE_MARGIN = 0.1;

/** Width to length of a view: that of the built-in model's input, which nothing is squeezed for then. */
const ASPECT = 8 / 5;

/** Views overlap by this share, so that what one of them cuts lies whole in the next. */
const OVERLAP = 0.2;

/** More views would cost more time than a job has; each shows more of the road's length then, squeezed. */
const MOST_VIEWS = 6;

/** px */
const NARROWEST = 320;
const WIDEST = 1536;

/** A view of a stretch of the road from straight above, and its scale. */
export interface ViewFromAbove extends PlaneView {
  /** px of the view to px of the picture. */
  toSource: Homography;
}

/** The views that show the calibrated road from near to far, as wide as its near end is in the picture. */
export function viewsFromAbove(plane: GroundPlane, image: { width: number; height: number }): ViewFromAbove[] {
  const across = plane.width * (1 + 2 * SIDE_MARGIN);
  const wanted = Math.ceil((plane.length - OVERLAP * (across / ASPECT)) / ((1 - OVERLAP) * (across / ASPECT)));
  const count = Math.max(1, Math.min(MOST_VIEWS, wanted));
  const along = plane.length / (count - (count - 1) * OVERLAP);
  const width = Math.round(
    Math.max(NARROWEST, Math.min(WIDEST, image.width, nearWidthPx(plane) * (1 + 2 * SIDE_MARGIN))),
  );
  const height = Math.round(width / ASPECT);
  return Array.from({ length: count }, (_, i) => {
    const from = plane.length - along - i * along * (1 - OVERLAP);
    return {
      width,
      height,
      toSource: placed(plane.toPicture, -SIDE_MARGIN * plane.width, from, across / width, along / height),
    };
  });
}

function nearWidthPx(plane: GroundPlane): number {
  const [left, right] = [plane.pictureOf([0, plane.length]), plane.pictureOf([plane.width, plane.length])];
  return Math.hypot(right[0] - left[0], right[1] - left[1]);
}

/** `plane` after a scaling to metres and a shift: m = origin + scale * px. */
function placed(plane: Homography, x: number, y: number, scaleX: number, scaleY: number): Homography {
  const [a, b, c, d, e, f, g, h, i] = plane;
  const rows = [a * x + b * y + c, d * x + e * y + f, g * x + h * y + i] as const;
  return [a * scaleX, b * scaleY, rows[0], d * scaleX, e * scaleY, rows[1], g * scaleX, h * scaleY, rows[2]];
}
