import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import type { RecordingRequest } from '../capture/recording/recording-args.js';
import { describeError } from '../job/errors.js';
import { restartDelayMs } from './restart-delay.js';
import type { RecordingEvents } from './recording-events.js';
import type { SegmentFinisher } from './pieces/segment-finisher.js';

/** Records until something ends it. See `RecordingTap.record`. */
export type RecordCamera = (request: RecordingRequest, onPiece: () => void, signal: AbortSignal) => Promise<never>;

/** What to record, and how. */
export interface CameraToRecord {
  readonly cctvId: string;
  readonly hls: string;
  /** Headers that go with requests to it. */
  readonly headers?: RecordingRequest['own'];
  /** A recording that broke off begins anew after this, ever later while it fails. ms */
  readonly restartMs?: number | undefined;
  readonly pieceMs: number;
}

/** One camera being recorded by this replica: run after run, until it is stopped. */
export class CameraRecording {
  private readonly startedAt = performance.now();
  private broke: { readonly code: string; readonly at: number } | undefined;
  private failures = 0;
  private isNews = true;
  private readonly stopping = new AbortController();
  private readonly ended: Promise<void>;

  constructor(
    private readonly camera: CameraToRecord,
    private readonly record: RecordCamera,
    private readonly finisher: SegmentFinisher,
    private readonly events: Pick<RecordingEvents, 'recording' | 'broke'>,
  ) {
    this.ended = this.run();
  }

  get cctvId(): string {
    return this.camera.cctvId;
  }

  /** When the last segment was there, or else when recording began, by `performance.now()`. */
  get lastSegmentAt(): number {
    return Math.max(this.startedAt, this.finisher.newsOf(this.cctvId).finishedAt ?? 0);
  }

  /** The code of what went wrong since then; undefined when nothing is known. */
  get trouble(): string | undefined {
    const { trouble } = this.finisher.newsOf(this.cctvId);
    return trouble ?? (this.broke !== undefined && this.broke.at >= this.lastSegmentAt ? this.broke.code : undefined);
  }

  /** Ends it; resolves once nothing is written any more. Pieces stay for whoever goes on. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.ended;
    await this.finisher.left(this.cctvId);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    for (;;) {
      const error = await this.runOnce(signal).catch((reason: unknown) => reason);
      if (signal.aborted) return;
      this.failures += 1;
      this.broke = { code: describeError(error).code, at: performance.now() };
      const delayMs = restartDelayMs(this.failures, this.camera.restartMs);
      this.events.broke(this.cctvId, error, this.failures, delayMs);
      this.isNews = true;
      await after(delayMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async runOnce(signal: AbortSignal): Promise<never> {
    const folder = await this.finisher.folder(this.cctvId);
    const run = randomBytes(4).toString('hex');
    // What an earlier run left, of this replica or of another. Not waited for: what is missed meanwhile is lost.
    this.finisher.finish(this.cctvId, run, signal);
    const { hls: url, pieceMs, headers: own } = this.camera;
    return this.record({ url, folder, run, pieceMs, own }, () => this.onPiece(run), signal);
  }

  private onPiece(run: string): void {
    this.failures = 0;
    if (this.isNews) this.events.recording(this.cctvId);
    this.isNews = false;
    this.finisher.finish(this.cctvId, run, this.stopping.signal);
  }
}
