import type { CameraLeases } from './camera-leases.js';
import { CameraRecording, type CameraToRecord, type RecordCamera } from './camera-recording.js';
import type { RecordingEvents } from './recording-events.js';
import type { SegmentFinisher } from './pieces/segment-finisher.js';
import { within } from '../lib/deadline.js';
import { Repeating } from '../lib/repeating.js';

/** A goodbye that Redis does not hear is given up: the leases end by themselves. ms */
const LEAVE_WITHIN_MS = 2_000;

/**
 * The cameras that this replica records: as many as are its share among the replicas. While Redis is away it goes on with
 * those it has, since a recording that is lost cannot be made again.
 */
export class Recordings {
  private readonly running = new Map<string, CameraRecording>();
  private readonly loop: Repeating;

  constructor(
    private readonly cameras: readonly CameraToRecord[],
    private readonly leases: CameraLeases,
    private readonly parts: { record: RecordCamera; finisher: SegmentFinisher; events: RecordingEvents },
    settings: { readonly renewMs: number },
  ) {
    const { events } = parts;
    this.loop = new Repeating((signal) => this.look(signal), {
      everyMs: settings.renewMs,
      events: { failed: (error) => events.leasesLost(error), recovered: () => events.leasesBack() },
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Ends every recording of this replica, then gives the cameras to others. Does not reject. */
  async stop(): Promise<void> {
    await this.loop.stop();
    const held = [...this.running.keys()];
    await this.give(held, 'it stops');
    await within(LEAVE_WITHIN_MS, this.leases.leave(held));
  }

  /** Cameras of this replica that gave no segment for longer than `ms`, and the code of why, as far as it is known. */
  overdue(ms: number): { readonly cctvId: string; readonly because: string | undefined }[] {
    const since = performance.now() - ms;
    const late = [...this.running.values()].filter(({ lastSegmentAt }) => lastSegmentAt < since);
    return late.map(({ cctvId, trouble }) => ({ cctvId, because: trouble }));
  }

  get active(): number {
    return this.running.size;
  }

  /** How many cameras are to be recorded, by whichever replica. */
  get wanted(): number {
    return this.cameras.length;
  }

  private async look(signal: AbortSignal): Promise<void> {
    const { held, share } = await this.leases.hold(this.cameras.map(({ cctvId }) => cctvId));
    const lost = [...this.running.keys()].filter((cctvId) => !held.includes(cctvId));
    await this.give(lost, 'another replica took it over');
    await this.giveSurplus(held.slice(share));
    this.take(held.slice(0, share), signal);
  }

  /** A camera changes hands only once nothing is written here any more. */
  private async giveSurplus(surplus: readonly string[]): Promise<void> {
    if (surplus.length === 0) return;
    await this.give(surplus, 'another replica has room for it');
    await this.leases.release(surplus);
  }

  private take(held: readonly string[], signal: AbortSignal): void {
    const { record, finisher, events } = this.parts;
    for (const camera of this.cameras) {
      if (!held.includes(camera.cctvId) || this.running.has(camera.cctvId) || signal.aborted) continue;
      this.running.set(camera.cctvId, new CameraRecording(camera, record, finisher, events));
      events.taken(camera.cctvId);
    }
    events.active(this.active);
  }

  private async give(cameras: readonly string[], reason: string): Promise<void> {
    await Promise.all(cameras.map(async (cctvId) => this.running.get(cctvId)?.stop()));
    for (const cctvId of cameras) {
      if (this.running.delete(cctvId)) this.parts.events.given(cctvId, reason);
    }
    this.parts.events.active(this.active);
  }
}
