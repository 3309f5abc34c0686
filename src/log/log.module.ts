import { Global, Module } from '@nestjs/common';
import { Config } from '../config/config.js';
import { LOG, openLog, type Log } from './log.js';

/** The log, for everybody. */
@Global()
@Module({
  providers: [{ provide: LOG, inject: [Config], useFactory: ({ log }: Config): Log => openLog(log) }],
  exports: [LOG],
})
export class LogModule {}
