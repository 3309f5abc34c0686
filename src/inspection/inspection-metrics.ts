import type { LookMeta } from '../background/background.js';
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

  private labelFor(cctvId: string): string {
    if (this.cameras.has(cctvId)) return cctvId;
    if (this.cameras.size >= this.maxCameras) return OTHER;
    this.cameras.add(cctvId);
    return cctvId;
  }
}
