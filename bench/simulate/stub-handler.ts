import { parseInspectionJob, type InspectionJob } from '../../src/inspection/inspection-job.js';
import { JobHandler, type Run } from '../../src/job/handler.js';
import type { RawPayload } from '../../src/job/payload.js';
import { Clock } from '../../src/lib/clock.js';
import type { VirtualClock } from './virtual-clock.js';

class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }
}

const CLOCK = new SystemClock();

/** Reads jobs and publishes results as inspections do, and has a slot for as long; but looks at nothing. */
export class StubHandler extends JobHandler<InspectionJob> {
  readonly kind = 'inspection';

  constructor(
    private readonly clock: VirtualClock,
    private readonly seconds: number,
  ) {
    super();
  }

  parse(payload: RawPayload, entryId: string): InspectionJob {
    return parseInspectionJob(payload, { entryId, maxSeconds: 600, zone: 'UTC', warn: () => {}, clock: CLOCK });
  }

  async handle({ jobId, cctvId, enqueuedAt, seconds }: InspectionJob, run: Run): Promise<void> {
    await this.clock.sleep(this.seconds, run.signal);
    const { attempt, worker } = run;
    const at = new Date(enqueuedAt).toISOString();
    run.publish({
      ...{ jobId, cctvId, enqueuedAt: at, startedAt: at, finishedAt: at, attempt: String(attempt), worker },
      artifacts: `preprocess/${cctvId}/${at.slice(0, 10).replaceAll('-', '/')}/${jobId}`,
      light: 'day',
      backgroundVerdict: 'good',
      backgroundReason: 'Nearly all of the road was seen empty for long enough, and nothing on it is in doubt.',
      backgroundDoubts: '',
      askedSeconds: String(seconds),
      watchedSeconds: String(seconds),
      damageVerdict: 'none',
      damageReason: 'No damage was found on the road that was looked at; the picture is sharp and well lit.',
      detections: '0',
      reported: '0',
      damagedRoadShare: '0',
      worstSeverity: 'none',
      detector: 'builtin',
      detectorVersion: '1.2',
    });
  }
}
