import { Inject, Injectable, Optional } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { Config } from '../config/config.js';
import { Recordings } from '../recording/recordings.js';

/** A segment comes soon after its time is over: one that is not there after so many lengths of it does not come. */
const LATE_AFTER_LENGTHS = 1.75;
const MINUTE_MS = 60_000;
const MOST_NAMES = 5;

/** Recording: degraded while a camera of this replica gives no segments. Never down: no restart helps. */
@Injectable()
export class ScheduleHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly config: Config,
    @Optional() @Inject(Recordings) private readonly recordings: Recordings | undefined,
  ) {}

  check() {
    const check = this.indicator.check('schedule');
    if (this.recordings === undefined) return check.up({ recording: 'off' });
    const { active, wanted } = this.recordings;
    const lateMs = LATE_AFTER_LENGTHS * this.config.segments.lengthMs;
    const late = this.recordings.overdue(lateMs);
    if (late.length === 0) return check.up({ recording: active, of: wanted });
    const named = late.slice(0, MOST_NAMES).map(({ cctvId, because }) => `${cctvId} (${because ?? 'no video came'})`);
    const more = late.length > MOST_NAMES ? ` and ${late.length - MOST_NAMES} more` : '';
    const minutes = Math.round((lateMs / MINUTE_MS) * 10) / 10;
    return check.degraded(
      `No segment for more than ${minutes} minutes: ${named.join(', ')}${more}. The log says more.`,
    );
  }
}
