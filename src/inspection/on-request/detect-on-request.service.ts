import type { OnModuleDestroy } from '@nestjs/common';
import type { Background } from '../../background/background.js';
import type { Picture } from '../../picture/picture.js';
import type { DamageAnalysis, DamageDetector } from '../../damage/damage-detector.js';
import { abortedBy } from '../../lib/aborted-by.js';
import {
  CancelledError,
  InvalidJobError,
  RateLimitedError,
  StoppingError,
  TransientStepError,
} from '../../job/errors.js';
import type { Run } from '../../job/handler.js';
import { inspectionNeedsMs } from '../inspection.kind.js';
import type { Slots } from '../../job/slots.js';
import { besideVehicles } from '../beside-vehicles.js';
import { inspectPicture, inspectRoad } from '../inspect-road.js';
import type { RoadWatch } from '../road-watch.js';

/** What was found on request, and on which picture. */
export interface Detected {
  picture: Picture;
  analysis: DamageAnalysis;
  background?: Background;
}

/** How long work on request may take. */
export interface RequestSettings {
  /** Longest wait for a slot, and longest work in it unless more seconds of video need more. ms */
  timeoutMs: number;
  /** Longest work on an uploaded picture, in place of `timeoutMs`. */
  pictureMs: number;
  /** Most seconds of video that may be watched. */
  maxSeconds: number;
}

/** Watched when nobody says how long. s */
const DEFAULT_SECONDS = 20;

/** When a client that waited for a slot in vain may ask again. ms */
const BUSY_FOR_MS = 10_000;

/** Detection for somebody who waits: apart from the queue, but in the same slots as its jobs. */
export class DetectOnRequestService implements OnModuleDestroy {
  private readonly stop = new AbortController();

  constructor(
    private readonly settings: RequestSettings,
    private readonly slots: Slots,
    private readonly detector: DamageDetector,
    private readonly road: RoadWatch,
  ) {}

  /** The worker stops: whoever waits gets an answer now. */
  onModuleDestroy(): void {
    this.stop.abort(new StoppingError());
  }

  /**
   * Looks at an uploaded picture. `left` aborts when the client is gone.
   * @throws RateLimitedError BUSY when no slot came free in time
   * @throws TransientStepError JOB_TIMEOUT when the work took too long
   */
  image(decode: (signal: AbortSignal) => Promise<Picture>, left: AbortSignal): Promise<Detected> {
    return this.inSlot(left, this.settings.pictureMs, async (signal) => {
      const picture = await decode(signal);
      signal.throwIfAborted();
      const { analysis } = await inspectPicture(this.detector, picture, { signal });
      return { picture, analysis };
    });
  }

  /**
   * Watches a stream, finds its empty road and looks at that.
   * @throws InvalidJobError BAD_REQUEST when so many `seconds` are not allowed; else as {@link image}
   */
  async stream(hls: string, seconds: number | undefined, left: AbortSignal): Promise<Detected> {
    const { maxSeconds, timeoutMs } = this.settings;
    const watched = seconds ?? Math.min(DEFAULT_SECONDS, maxSeconds);
    if (watched > maxSeconds) throw tooLong(maxSeconds);
    return this.inSlot(left, Math.max(timeoutMs, inspectionNeedsMs(watched)), async (signal) => {
      const seen = await this.road.watch({ url: hls, seconds: watched }, untimed(signal));
      const inspected = await inspectRoad(this.detector, seen, signal);
      const { analysis } = inspected;
      const background = besideVehicles(seen, inspected);
      return { picture: background.picture, background, analysis };
    });
  }

  /** Waits for a slot, and counts the time of the work from when it is given. */
  private async inSlot<T>(left: AbortSignal, workMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const gone = [this.stop.signal, left];
    const wait = deadline(this.settings.timeoutMs, noSlot);
    const inTime = (): Promise<T> => {
      wait.clear();
      const end = deadline(workMs, timedOut);
      return abortedBy([...gone, end.signal], work).finally(end.clear);
    };
    const borrowed = abortedBy([...gone, wait.signal], (signal) => this.slots.borrow(inTime, signal));
    return borrowed.finally(wait.clear);
  }
}

/** The reason with which a client that hung up ends its work. */
export function clientLeft(): CancelledError {
  return new CancelledError();
}

/** Nobody keeps the time of steps here. */
function untimed(signal: AbortSignal): Pick<Run, 'step' | 'signal' | 'report'> {
  return { signal, step: (_name, work) => work(), report: () => undefined };
}

function deadline(ms: number, reason: (ms: number) => Error): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(reason(ms)), ms);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function tooLong(maxSeconds: number): InvalidJobError {
  return new InvalidJobError('BAD_REQUEST', `sec must not be greater than ${maxSeconds} (JOB_MAX_SECONDS)`);
}

function noSlot(ms: number): RateLimitedError {
  return new RateLimitedError('BUSY', `No slot came free within ${ms / 1_000} s; try again soon.`, BUSY_FOR_MS);
}

function timedOut(ms: number): TransientStepError {
  return new TransientStepError('JOB_TIMEOUT', `It took longer than ${ms / 1_000} s, which is all it may take.`);
}
