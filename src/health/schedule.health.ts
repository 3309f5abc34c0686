import { Inject, Injectable, Optional } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { Config } from '../config/config.js';
import { Recordings } from '../recording/recordings.js';

/** A camera whose recordings stay away for more segments than this is worth a look. */
const SEGMENTS_MISSED = 2;
const MOST_NAMES = 5;

/** Recording: degraded while a camera of this replica has not been recorded for long. Never down: no restart helps. */
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
    const silent = this.recordings.silentFor(SEGMENTS_MISSED * this.config.segments.lengthMs);
    if (silent.length === 0) return check.up({ recording: active, of: wanted });
    const names = silent.slice(0, MOST_NAMES).join(', ');
    const more = silent.length > MOST_NAMES ? ` and ${silent.length - MOST_NAMES} more` : '';
    return check.degraded(`Not recorded for more than ${SEGMENTS_MISSED} segments: ${names}${more}. The log says why.`);
  }
}
