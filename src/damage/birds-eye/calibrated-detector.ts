import { shareOf } from '../../picture/mask.js';
import type { Picture } from '../../picture/picture.js';
import { ThreadPool } from '../../threads/thread-pool.js';
import {
  DamageDetector,
  type Detection,
  type DetectOptions,
  type DetectorHealth,
  type DetectorInfo,
  type PictureMarks,
} from '../damage-detector.js';
import { judgedByTraffic } from '../scale/by-traffic.js';
import { LEAST_DRIVEN, roadHintOf } from '../road-hint.js';
import type { BirdsEyeRequest, Rectified } from './birds-eye.thread.js';
import { fromAbove } from './from-above.js';
import { GroundPlane } from './ground-plane.js';
import { measured } from './measure.js';
import { merged } from './merge.js';
import { viewsFromAbove } from './views-from-above.js';

const THREAD = new URL('./birds-eye.thread.js', import.meta.url);

/**
 * A detector that knows metres where the camera is calibrated, and looks at the road from above too. Elsewhere it knows them
 * by traffic, if there was some.
 */
export class CalibratedDetector extends DamageDetector {
  /**
   * @param surenessFromAbove least confidence of what only the view from above shows; above 1 it is not looked at
   */
  constructor(
    private readonly detector: DamageDetector,
    private readonly surenessFromAbove: number,
    private readonly threads = new ThreadPool(),
  ) {
    super();
  }

  get info(): DetectorInfo {
    return this.detector.info;
  }

  async detect(picture: Picture, options: DetectOptions): Promise<PictureMarks> {
    const marks = await this.detector.detect(picture, options);
    const plane = options.calibration && GroundPlane.of(options.calibration, picture);
    const inMetres = plane === undefined ? marks : await this.measured(marks, plane, picture, options);
    return judgedByTraffic(inMetres, options);
  }

  private async measured(marks: PictureMarks, plane: GroundPlane, picture: Picture, options: DetectOptions) {
    const isWorthIt = this.surenessFromAbove <= 1 && marks.doubts.length === 0;
    const others = isWorthIt ? await this.seenFromAbove(picture, plane, options) : [];
    return measured(withOthers(marks, others), plane);
  }

  health(): Promise<DetectorHealth> {
    return this.detector.health();
  }

  override heldBackBecause(): string | undefined {
    return this.detector.heldBackBecause();
  }

  private async seenFromAbove(picture: Picture, plane: GroundPlane, options: DetectOptions): Promise<Detection[]> {
    const views = viewsFromAbove(plane, picture);
    const road = roadHintOf(options.drivenRoad, options.region)?.mask;
    const request: BirdsEyeRequest = { picture, road, views };
    const rectified = await this.threads.call<Rectified[]>(THREAD, request, { signal: options.signal });
    const found: Detection[] = [];
    // One after the other: a job has one slot, and each look takes a core.
    for (const [i, view] of rectified.entries()) {
      const sure = await this.sureIn(view, options.signal);
      found.push(...sure.flatMap((detection) => fromAbove(detection, views[i]!, picture) ?? []));
    }
    return found;
  }

  private async sureIn({ picture, road }: Rectified, signal: AbortSignal): Promise<Detection[]> {
    if (road !== undefined && shareOf(road) < LEAST_DRIVEN) return [];
    const { doubts, detections } = await this.detector.detect(picture, { drivenRoad: road, signal });
    if (doubts.length > 0) return [];
    return detections.filter(({ confidence }) => confidence >= this.surenessFromAbove);
  }
}

function withOthers(marks: PictureMarks, others: readonly Detection[]): PictureMarks {
  if (others.length === 0) return marks;
  const detections = merged(marks.detections, others);
  const added = detections.filter((detection) => !marks.detections.includes(detection));
  const roadPx = Math.max(1, marks.roadShare * marks.image.width * marks.image.height);
  const more = added.reduce((sum, { areaPx }) => sum + areaPx, 0) / roadPx;
  return { ...marks, detections, damagedRoadShare: Math.min(1, marks.damagedRoadShare + more) };
}
