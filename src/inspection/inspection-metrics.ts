import type { BackgroundVerdict, LookMeta } from '../background/background.js';
import type { DamageAnalysis } from '../damage/damage-detector.js';
import type { StepTiming } from '../job/handler.js';
import type { Metrics } from '../metrics/metrics.js';

/** Under this name go cameras beyond the cap. */
const OTHER = 'other';

/** What inspections count. Cameras are a label here because dashboards rely on it; their number is capped. */
export class InspectionMetrics {
  private readonly cameras = new Set<string>();

  constructor(
    private readonly metrics: Metrics,
    private readonly maxCameras: number,
  ) {}

  /** Counts how much was seen of what was asked for, of each look: also of one that is not good enough. */
  watched({ askedSeconds, watchedSeconds, reconnects, framesDamaged, framesRepeated }: LookMeta): void {
    this.metrics.askedSeconds.inc(askedSeconds);
    this.metrics.watchedSeconds.inc(watchedSeconds);
    this.metrics.captureReconnects.inc(reconnects);
    this.metrics.poorFrames.inc({ what: 'damaged' }, framesDamaged);
    this.metrics.poorFrames.inc({ what: 'repeated' }, framesRepeated);
  }

  /** Counts what a detector found; takes the detection's time from the steps of the run. */
  detected(cctvId: string, analysis: DamageAnalysis, timings: readonly StepTiming[]): void {
    const camera = this.labelFor(cctvId);
    const seconds = (timings.findLast(({ step }) => step === 'damage')?.durationMs ?? 0) / 1_000;
    const model = analysis.detector.name;
    this.metrics.detections.inc({ camera_id: camera, model_type: model }, analysis.detections.length);
    this.metrics.reported.inc({ camera_id: camera, model_type: model }, analysis.reported);
    this.metrics.detectionLatency.set({ camera_id: camera }, seconds);
    this.metrics.detectionDuration.observe({ model_type: model }, seconds);
  }

  /** Notes whether an inspection that ended saw the road, so that a camera that never does is noticed. */
  judged(cctvId: string, verdict: BackgroundVerdict): void {
    const camera = this.labelFor(cctvId);
    const isUnclear = verdict === 'inconclusive';
    // An alert on a counter's growth needs to have seen it before.
    this.metrics.unclearLooks.inc({ camera_id: camera }, isUnclear ? 1 : 0);
    if (!isUnclear) this.metrics.clearLook.set({ camera_id: camera }, Math.floor(Date.now() / 1_000));
  }

  private labelFor(cctvId: string): string {
    if (this.cameras.has(cctvId)) return cctvId;
    if (this.cameras.size >= this.maxCameras) return OTHER;
    this.cameras.add(cctvId);
    return cctvId;
  }
}
