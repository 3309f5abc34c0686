import { Redis } from 'ioredis';
import type { QueueNames } from '../../src/job/kind.js';
import { JobProducer } from '../../src/queue/job-producer.js';
import { connect } from '../../src/redis/connection.js';
import { derivedKey } from '../../src/redis/derived-key.js';
import { Link } from '../../src/redis/link.js';
import { InspectionSchedule } from '../../src/schedule/inspection-schedule.js';
import { offsetOf, slotsDue } from '../../src/schedule/slots-due.js';
import { TICK_SECONDS, type Plan } from './plan.js';

/** The first day of the simulation begins here, ms: a whole multiple of every interval. */
export const EPOCH_MS = Date.UTC(2026, 0, 5);

/** Some 155 bytes with its name in it, as real ones have. */
const hlsOf = (cctvId: string): string =>
  `https://cctv.example.com/live/region-04/${cctvId}/index.m3u8?auth=0123456789abcdef0123456789abcdef`;

/** For so long the schedule lets Redis remember a stroke, beyond the interval. s */
const REMEMBERED_BEYOND = 120;

const NEVER = new AbortController().signal;

interface ScheduledCamera {
  cctvId: string;
  schedule: InspectionSchedule;
}

/**
 * The cameras by the real schedule: each has one of its own, so that those whose stroke it is are asked at once, and the
 * others not at all.
 */
export class Arrivals {
  /** Jobs added so far. */
  added = 0;
  private readonly link: Link;
  private readonly redis: Redis;
  private readonly byTick = new Map<number, ScheduledCamera[]>();
  private readonly markers: { until: number; keys: string[] }[] = [];
  private readonly ticks: number;

  constructor(
    private readonly plan: Plan,
    url: string,
    private readonly names: QueueNames,
  ) {
    this.link = new Link(connect({ url }, 'producer'));
    this.redis = new Redis(url, { protocol: 2 });
    this.ticks = plan.everySeconds / TICK_SECONDS;
    const producer = new JobProducer(this.link, names);
    for (let number = 0; number < plan.cameras; number += 1) this.schedule(nameOf(number), producer);
  }

  /** Adds what is due at this time, s since the day began. */
  async tick(now: number): Promise<void> {
    await this.forgetMarkers(now);
    const due = this.byTick.get((now / TICK_SECONDS) % this.ticks) ?? [];
    if (due.length === 0) return;
    const nowMs = EPOCH_MS + now * 1_000;
    await Promise.all(due.map(({ schedule }) => schedule.tick(nowMs, NEVER)));
    const keys = due.map(({ cctvId }) => this.markerOf(cctvId, nowMs));
    this.markers.push({ until: now + this.plan.everySeconds + REMEMBERED_BEYOND, keys });
  }

  async close(): Promise<void> {
    await this.link.close();
    await this.redis.quit();
  }

  private schedule(cctvId: string, producer: JobProducer): void {
    const { everySeconds, secondsPerJob } = this.plan;
    const everyMs = everySeconds * 1_000;
    const camera = { cctvId, hls: hlsOf(cctvId), everyMs, seconds: Math.min(20, secondsPerJob) };
    const schedule = new InspectionSchedule(
      [camera],
      producer,
      async () => false,
      () => (this.added += 1),
    );
    const tick = Math.ceil(offsetOf(cctvId, everyMs) / 1_000 / TICK_SECONDS) % this.ticks;
    this.byTick.set(tick, [...(this.byTick.get(tick) ?? []), { cctvId, schedule }]);
  }

  /** Redis' own time hardly passes in a simulated day: what it would have forgotten by now is deleted for it. */
  private async forgetMarkers(now: number): Promise<void> {
    while ((this.markers[0]?.until ?? Infinity) <= now)
      await this.redis.unlink(...(this.markers.shift()?.keys as string[]));
  }

  private markerOf(cctvId: string, nowMs: number): string {
    const intervalMs = this.plan.everySeconds * 1_000;
    const [slot] = slotsDue({ intervalMs, offsetMs: offsetOf(cctvId, intervalMs) }, nowMs, undefined, 1);
    return derivedKey(this.names.lanes.at(-1) as string, `once:inspect:${cctvId}:${slot}`);
  }
}

function nameOf(number: number): string {
  return `cctv_${String(number).padStart(6, '0')}`;
}
