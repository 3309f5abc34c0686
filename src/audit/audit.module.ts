import { Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { ActionLog } from '../http/access/action-log.js';
import { messageOf } from '../job/errors.js';
import { redactText } from '../lib/redact.js';
import { LOG, type Log } from '../log/log.js';
import { SharedLinks } from '../redis/redis.module.js';
import { AuditController } from './audit.controller.js';
import { AuditStream } from './audit-stream.js';

/** The log of actions, and the call that shows it. */
@Module({
  controllers: [AuditController],
  providers: [
    { provide: AuditStream, inject: [SharedLinks, Config, LOG], useFactory: openStream },
    { provide: ActionLog, useExisting: AuditStream },
  ],
  exports: [ActionLog],
})
export class AuditModule {}

function openStream({ prompt: { connection } }: SharedLinks, { queue }: Config, log: Log): AuditStream {
  return new AuditStream(connection, queue.stream, {
    lost: (error) =>
      log.warn({ reason: redactText(messageOf(error)) }, 'what callers do is not kept: Redis does not take it'),
  });
}
