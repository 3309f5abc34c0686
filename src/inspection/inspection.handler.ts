import { ArtifactSet } from '../artifacts/artifact-set.js';
import { artifactFolder, INSPECTION_FILES } from '../artifacts/artifact-names.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import type { Background } from '../background/background.js';
import type { Cameras } from '../cameras/camera.js';
import type { DamageDetector } from '../damage/damage-detector.js';
import type { PictureWork } from '../damage/picture-work.js';
import type { VisitFindings } from '../findings/visit/visit-findings.js';
import type { Clock } from '../lib/clock.js';
import { DoubtfulStepError, TransientStepError } from '../job/errors.js';
import { JobHandler, type Run } from '../job/handler.js';
import type { RawPayload } from '../job/payload.js';
import type { RoadMemory } from '../damage/memory/road-memory.js';
import { pastBesideVehicles } from './beside-vehicles.js';
import { inspectRoad } from './inspect-road.js';
import { demandGoodLook } from './demand-good-look.js';
import { parseInspectionJob, type InspectionJob } from './inspection-job.js';
import type { InspectionMetrics } from './inspection-metrics.js';
import { inspectionResult } from './inspection-result.js';
import { inspectionFiles, processMeta, type Inspection } from './result-files.js';
import type { RoadWatch } from './road-watch.js';

/** What an inspection needs to know. */
export interface InspectionSettings {
  /** In front of every artifact's name. */
  prefix: string;
  /** Most that `sec` may be, s. */
  maxSeconds: number;
  /** Retries after the first attempt: in the last one a poor look has to do. */
  maxRetry: number;
  /** The IANA zone for times in payloads that name none. */
  zone: string;
  /** Told of what could be read only with an assumption. */
  warn: (warning: string) => void;
  /** By which no job was queued later than now. */
  clock: Clock;
}

/** A preprocess job: watch the camera, find the empty road, find damage on it, store what was found. */
export class InspectionHandler extends JobHandler<InspectionJob> {
  readonly kind = 'inspection';
  override readonly steps = ['capture', 'background', 'visits', 'damage', 'artifacts', 'remember'];

  constructor(
    private readonly settings: InspectionSettings,
    private readonly road: RoadWatch,
    private readonly cameras: Cameras,
    private readonly memory: RoadMemory,
    private readonly findings: VisitFindings,
    private readonly detector: DamageDetector,
    private readonly pictures: PictureWork,
    private readonly store: ArtifactStore,
    private readonly metrics: InspectionMetrics,
  ) {
    super();
  }

  parse(payload: RawPayload, entryId: string): InspectionJob {
    const { maxSeconds, zone, warn, clock } = this.settings;
    return parseInspectionJob(payload, { entryId, maxSeconds, zone, warn, clock });
  }

  /** A camera that cannot be watched now. What is wrong for good is given up at once, and costs nobody a slot. */
  override blamesCamera(error: unknown): boolean {
    if (error instanceof DoubtfulStepError) return false;
    return error instanceof TransientStepError && error.step === 'capture' && error.code.startsWith('HLS_');
  }

  override heldBackBecause(): string | undefined {
    return this.store.heldBackBecause() ?? this.detector.heldBackBecause();
  }

  async handle(job: InspectionJob, run: Run): Promise<void> {
    // No camera is watched for what could not be stored.
    await this.store.ensure();
    const camera = this.cameras.get(job.cctvId);
    const seen = await this.road.watch({ url: job.hls, seconds: job.seconds }, run, camera?.headers);
    this.noteLook(seen, run);
    if (run.attempt <= this.settings.maxRetry) demandGoodLook(seen.meta.look);
    const recalled = await run.step('visits', () => this.memory.lookBack(job, seen, run.signal));
    run.note({ backgroundVerdict: recalled.background.meta.verdict });
    const circumstances = { ...camera, doubt: recalled.doubt, earlierTraffic: recalled.earlierTraffic };
    const found = await run.step('damage', () => {
      run.report(undefined, 'Looking for damage.');
      return inspectRoad(this.detector, recalled.background, run.signal, circumstances);
    });
    const past = pastBesideVehicles(recalled, found);
    const { background } = past;
    run.note({ backgroundVerdict: background.meta.verdict });
    const compared = this.memory.compare(job, found.analysis, past);
    const judged = await this.findings.judge(job, compared, background.meta.quality.light);
    const { analysis } = judged;
    const inspection = { job, background, analysis };
    const folder = artifactFolder(this.settings.prefix, job);
    await run.step('artifacts', () => this.keep(inspection, folder, run));
    await run.step('remember', async () => {
      await this.memory.remember(job, judged, past, run.signal);
      await this.findings.note(job, judged);
    });
    run.publish(inspectionResult(inspection, run, folder, Date.now()));
    // Only now: a job whose artifacts could not be stored comes again and would count twice.
    this.metrics.detected(job.cctvId, analysis, run.timings);
    this.metrics.judged(job.cctvId, background.meta.verdict);
  }

  private noteLook({ meta }: Background, run: Run): void {
    const { askedSeconds, watchedSeconds } = meta.look;
    run.note({ askedSeconds, watchedSeconds });
    this.metrics.watched(meta.look);
  }

  private async keep(inspection: Inspection, folder: string, run: Run): Promise<void> {
    const set = new ArtifactSet(this.store, folder);
    const content = {
      files: await inspectionFiles(inspection, this.pictures, run.signal),
      sealFile: INSPECTION_FILES.processMeta,
      seal: (stored: Parameters<typeof processMeta>[2]) => processMeta(inspection, run, stored),
    };
    await set.put(content, run.signal);
  }
}
