import type { OnModuleDestroy } from '@nestjs/common';
import type { Background } from '../../background/background.js';
import type { Picture } from '../../background/picture.js';
import type { DamageAnalysis, DamageDetector } from '../../damage/damage-detector.js';
import { CancelledError, StoppingError, TransientStepError } from '../../job/errors.js';
import type { Run } from '../../job/handler.js';
import type { Slots } from '../../job/slots.js';
import type { RoadWatch } from '../road-watch.js';

/** What was found on request, and on which picture. */
export interface Finding {
  picture: Picture;
  analysis: DamageAnalysis;
  background?: Background;
}

/** Detection for somebody who waits: apart from the queue, but in the same slots as its jobs. */
export class DetectOnRequestService implements OnModuleDestroy {
  private readonly stop = new AbortController();

  constructor(
    private readonly slots: Slots,
    private readonly detector: DamageDetector,
    private readonly road: RoadWatch,
    private readonly timeoutMs: number,
  ) {}

  /** The worker stops: whoever waits gets an answer now. */
  onModuleDestroy(): void {
    this.stop.abort(new StoppingError());
  }

  /** Looks at an uploaded picture. `left` aborts when the client is gone. */
  image(decode: () => Promise<Picture>, left: AbortSignal): Promise<Finding> {
    return this.inSlot(left, async (signal) => {
      const picture = await decode();
      return { picture, analysis: await this.detector.detect(picture, { signal }) };
    });
  }

  /** Watches a stream, finds its empty road and looks at that. */
  stream(hls: string, seconds: number, left: AbortSignal): Promise<Finding> {
    return this.inSlot(left, async (signal) => {
      const background = await this.road.watch({ url: hls, seconds }, untimed(signal));
      const { picture, drivenRoad } = background;
      return { picture, background, analysis: await this.detector.detect(picture, { drivenRoad, signal }) };
    });
  }

  private inSlot<T>(left: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(timedOut(this.timeoutMs)), this.timeoutMs);
    const signal = AbortSignal.any([this.stop.signal, left, deadline.signal]);
    return this.slots.borrow(() => work(signal), signal).finally(() => clearTimeout(timer));
  }
}

/** The reason with which a client that hung up ends its work. */
export function clientLeft(): CancelledError {
  return new CancelledError();
}

/** Nobody keeps the time of steps here. */
function untimed(signal: AbortSignal): Pick<Run, 'step' | 'signal'> {
  return { signal, step: (_name, work) => work() };
}

function timedOut(ms: number): TransientStepError {
  const message = `It took longer than ${ms / 1_000} s (JOB_TIMEOUT_SECONDS), waiting for a free slot included.`;
  return new TransientStepError('JOB_TIMEOUT', message);
}
