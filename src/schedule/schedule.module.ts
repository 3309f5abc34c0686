import { Module } from '@nestjs/common';
import { Cameras } from '../cameras/camera.js';
import { CamerasModule } from '../cameras/cameras.module.js';
import { Config } from '../config/config.js';
import { Clock } from '../lib/clock.js';
import { Repeating } from '../lib/repeating.js';
import { describeError } from '../job/errors.js';
import { CameraLedger } from '../ledger/camera-ledger.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { LOG, type Log } from '../log/log.js';
import { Metrics } from '../metrics/metrics.js';
import { KindQueues } from '../queue/kind-queues.js';
import { InspectionSchedule, type InspectedCamera } from './inspection-schedule.js';
import { urgentByLedger } from './lane-of.js';
import { ScheduleService } from './schedule.service.js';
import { SegmentSchedule } from './segment-schedule.js';

const MINUTE_MS = 60_000;
const LONGEST_TICK_MS = 5_000;
/** A segment becomes a job within this share of its length. */
const TICKS_PER_SEGMENT = 4;

/** Jobs by the clock, from any number of replicas. */
@Module({
  imports: [CamerasModule, LedgerModule],
  providers: [
    {
      provide: ScheduleService,
      inject: [Config, Cameras, KindQueues, CameraLedger, Metrics, LOG, Clock],
      useFactory: schedule,
    },
  ],
})
export class ScheduleModule {}

function schedule(
  { segments, gemini, risk }: Config,
  { all }: Cameras,
  queues: KindQueues,
  ledger: CameraLedger,
  metrics: Metrics,
  log: Log,
  clock: Clock,
): ScheduleService {
  const recorded = all.filter(({ record }) => record).map(({ cctvId }) => cctvId);
  const isJudged = gemini.keys.length > 0;
  const cameras = isJudged ? recorded : [];
  const inspected = all.flatMap(({ cctvId, hls, inspectEveryMinutes: every, inspectSeconds }): InspectedCamera[] =>
    hls === undefined || every === undefined
      ? []
      : [{ cctvId, hls, everyMs: every * MINUTE_MS, seconds: inspectSeconds }],
  );
  const isUrgent = urgentByLedger(ledger, risk, clock);
  const added = (kind: string) => () => metrics.scheduledJobs.inc({ kind });
  const segmentJobs = new SegmentSchedule(
    { ...segments, cameras },
    queues.producer('assessment'),
    isUrgent,
    added('segment'),
  );
  const inspections = new InspectionSchedule(inspected, queues.producer('inspection'), isUrgent, added('inspection'));
  const events = scheduleEvents(log);
  const everyMs = Math.min(LONGEST_TICK_MS, segments.lengthMs / TICKS_PER_SEGMENT);
  const schedules = [
    new Repeating((signal) => segmentJobs.tick(Date.now(), signal), { everyMs, events: events('segments') }),
    // By Redis' clock, which all replicas share. Segments go by the recorders' clock, which names their files.
    new Repeating((signal) => inspections.tick(clock.now(), signal), {
      everyMs: LONGEST_TICK_MS,
      events: events('inspections'),
    }),
  ];
  return new ScheduleService(schedules, summaryOf(recorded.length, inspected.length, isJudged), log);
}

function summaryOf(recorded: number, inspected: number, isJudged: boolean): string[] {
  const judged = isJudged ? 'each segment becomes a job' : 'without GEMINI_API_KEY no segment becomes a job';
  return [`The schedule has ${recorded} cameras to record (${judged}) and ${inspected} to inspect.`];
}

function scheduleEvents(log: Log) {
  return (schedule: string) => ({
    failed: (error: unknown) =>
      log.warn(
        { schedule, ...describeError(error) },
        'The schedule cannot add jobs; it makes up for them as far as its limit allows.',
      ),
    recovered: () => log.info({ schedule }, 'The schedule adds jobs again.'),
  });
}
