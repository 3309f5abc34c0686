/** How wide a car's lower edge is, with what is dark around its tyres. m. Most cars are 1.75 to 1.95 m wide. */
export const CAR_WIDTH_M = 2;

/** How far the cars of a road may be off that on average, as a share: the scale is never known better. */
const CAR_WIDTH_SPREAD = 0.08;

/** Where the scale is known worse than that, nothing is measured by it. Share. */
const MOST_UNCERTAIN = 0.2;

/**
 * How large things on the road are in the picture, by the vehicles that drove there. Widths are shares of the picture's
 * width, rows are shares of its height.
 */
export interface RoadScale {
  /** The row where a flat road ends in the distance; negative when it lies above the picture. */
  horizon: number;
  /** A car's width as far below the horizon as the picture is high. */
  growth: number;
  /** How well that is known, one deviation of a car's width: `level` in one row, and `growth` per row away from it. */
  error: { row: number; level: number; growth: number };
  /** Vehicles that it rests on. */
  samples: number;
  /** Visits that those come from, this one included. */
  visits: number;
}

/** Why there is no scale. */
export interface NoScale {
  /** A sentence. */
  unknown: string;
}

/** What an analysis says of the scale; rows and widths are shares of the picture's height and width. */
export type RoadScaleNote =
  | {
      calibration: 'traffic';
      /** The row in which a flat road ends; negative above the picture. */
      horizon: number;
      /** From the horizon down to there a car's width grows evenly. */
      carWidthAtBottom: number;
      /** How far that may be off, as a share, one deviation. */
      uncertainty: number;
      /** Cars that were measured. */
      samples: number;
      /** Visits in which they were, this one included. */
      visits: number;
    }
  | NoScale;

/** A car's width in a row; 0 at the horizon and above. */
export function carWidthAt({ horizon, growth }: Pick<RoadScale, 'horizon' | 'growth'>, row: number): number {
  return Math.max(0, growth * (row - horizon));
}

/** How far sizes across the road may be off in a row, as a share, one deviation. */
export function uncertaintyAt(scale: RoadScale, row: number): number {
  const { error } = scale;
  const own = Math.hypot(error.level, error.growth * (row - error.row)) / carWidthAt(scale, row);
  return Math.hypot(CAR_WIDTH_SPREAD, own);
}

/** Whether the scale is known well enough in a row to measure by it. */
export function isKnownAt(scale: RoadScale, row: number): boolean {
  return carWidthAt(scale, row) > 0 && uncertaintyAt(scale, row) <= MOST_UNCERTAIN;
}
