import { Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { probeFfmpeg } from '../capture/ffmpeg/ffmpeg-probe.js';
import { Config } from '../config/config.js';

const REMEMBERED_MS = 60_000;

/** ffmpeg: up when it runs and can read HLS. Asked at most once a minute. */
@Injectable()
export class FfmpegHealth {
  constructor(
    private readonly indicator: HealthIndicatorService,
    private readonly config: Config,
  ) {}

  check() {
    return this.indicator
      .check('ffmpeg')
      .attempt(async () => {
        const { version } = await probeFfmpeg(this.config.capture.ffmpegPath);
        return { version };
      })
      .cacheFor(REMEMBERED_MS);
  }
}
