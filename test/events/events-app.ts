import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Request, Response } from 'express';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/config.js';
import { EventFeed } from '../../src/events/event-feed.js';
import { EventStreams } from '../../src/events/event-streams.js';
import { EventsModule } from '../../src/events/events.module.js';
import type { NewEvent } from '../../src/events/road-event.js';
import { AccessModule } from '../../src/http/access/access.module.js';
import { BodyTypeGuard } from '../../src/http/body-type.guard.js';
import { ErrorFilter } from '../../src/http/error.filter.js';
import { setUpHttp } from '../../src/http/set-up.js';
import { specsOf } from '../../src/kinds.js';
import { LogModule } from '../../src/log/log.module.js';
import { QueueModule } from '../../src/queue/queue.module.js';

/** The lane whose events inspections tell. */
export const INSPECTIONS = 'stream:preprocess';
export const ASSESSMENTS = 'stream:assess';

@Module({})
class Nothing {}

/** What tells of events over HTTP, alone in this process, set up as in the service. */
export class EventsApp {
  private constructor(
    private readonly app: NestExpressApplication,
    readonly url: string,
  ) {}

  /** @param jobs answers what is asked of `/job` */
  static async start(
    redisUrl: string,
    environment: Record<string, string> = {},
    jobs?: (request: Request, response: Response) => void,
  ): Promise<EventsApp> {
    const config = loadConfig({ REDIS_URL: redisUrl, LOG_LEVEL: 'silent', ...environment });
    const specs = specsOf(config);
    const root = {
      module: Nothing,
      imports: [ConfigModule.with(config), LogModule, QueueModule.of(specs), EventsModule.of(specs), AccessModule],
      providers: [ErrorFilter, BodyTypeGuard],
    };
    const options = { logger: false, bodyParser: false, forceCloseConnections: true } as const;
    const app = await NestFactory.create<NestExpressApplication>(root, options);
    setUpHttp(app, config);
    if (jobs !== undefined) app.use('/job', jobs);
    await app.listen(0, '127.0.0.1');
    return new EventsApp(app, (await app.getUrl()).replace('[::1]', '127.0.0.1'));
  }

  get streams(): EventStreams {
    return this.app.get(EventStreams);
  }

  get http(): ReturnType<NestExpressApplication['getHttpServer']> {
    return this.app.getHttpServer();
  }

  async tell(event: NewEvent, main = INSPECTIONS): Promise<void> {
    await this.app.get(EventFeed).append(main, event);
  }

  async stop(): Promise<void> {
    await this.app.close();
  }
}
