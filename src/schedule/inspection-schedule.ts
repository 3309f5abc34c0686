import type { JobProducer } from '../queue/job-producer.js';
import { laneOf, type IsUrgent } from './lane-of.js';
import { offsetOf, slotsDue } from './slots-due.js';

/** A camera that is inspected by the clock. */
export interface InspectedCamera {
  readonly cctvId: string;
  /** May carry secrets. */
  readonly hls: string;
  readonly everyMs: number;
  /** Video to watch, s. */
  readonly seconds: number;
}

/** A stroke that is later than this is missed: what a camera shows later is as good as the next stroke. ms */
const LATEST_MS = 60_000;

/** Makes preprocess jobs by the clock: one for each camera and stroke, spread over the interval, none made up for. */
export class InspectionSchedule {
  private readonly lastDone = new Map<string, number>();

  constructor(
    private readonly cameras: readonly InspectedCamera[],
    private readonly producer: JobProducer,
    private readonly isUrgent: IsUrgent,
    private readonly onAdded: () => void,
  ) {}

  /**
   * Adds what is due.
   * @throws TransientStepError NOT_ENQUEUED; what is left comes with the next call, unless it is too late then
   */
  async tick(nowMs: number, signal: AbortSignal): Promise<void> {
    for (const camera of this.cameras) {
      if (signal.aborted) return;
      const clock = { intervalMs: camera.everyMs, offsetMs: offsetOf(camera.cctvId, camera.everyMs) };
      const [slot] = slotsDue(clock, nowMs, this.lastDone.get(camera.cctvId), 1);
      if (slot !== undefined && nowMs - slot <= LATEST_MS) await this.add(camera, slot, nowMs);
    }
  }

  private async add({ cctvId, hls, everyMs, seconds }: InspectedCamera, slot: number, nowMs: number): Promise<void> {
    const added = await this.producer.addOnce({
      lane: await laneOf(this.isUrgent, cctvId),
      once: `inspect:${cctvId}:${slot}`,
      rememberMs: everyMs + 2 * LATEST_MS,
      fields: { cctvId, hls, sec: String(seconds), attempt: '0', enqueuedAt: String(nowMs) },
    });
    this.lastDone.set(cctvId, slot);
    if (added !== undefined) this.onAdded();
  }
}
