import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from './app.module.js';
import { readCamerasFile } from './cameras/cameras-file.js';
import type { Config } from './config/config.js';
import { KINDS, specsOf, type Kind } from './kinds.js';
import { checkRedis } from './redis/check-redis.js';
import { checkSlots } from './queue/one-slot.js';
import { doubtOfAccess } from './http/open-control.js';
import { setUpHttp } from './http/set-up.js';
import { parseTokens, readTokensText } from './http/access/tokens/tokens-file.js';
import { openEndpoints } from './webhooks/endpoints/open-endpoints.js';
import { LOG, type Log } from './log/log.js';
import { NestLog } from './log/nest-log.js';

/**
 * Builds the whole service and starts it: HTTP listens, the worker claims.
 * @throws PermanentStepError REDIS_TOO_OLD, STREAMS_APART, CAMERAS_FILE_…, TOKENS_FILE_…, WEBHOOKS_FILE_… before anything is built, since waiting would not help
 */
export async function startService(config: Config, kinds: readonly Kind[] = KINDS): Promise<NestExpressApplication> {
  await checkRedis(config.redis);
  for (const { isUsed, queue } of specsOf(config, kinds)) if (isUsed) checkSlots(config.redis, queue);
  const { cameras, capture } = config;
  if (config.access.tokensFile !== undefined) parseTokens(await readTokensText(config.access.tokensFile));
  if (cameras.file !== undefined) await readCamerasFile(cameras.file, { ...capture, secrets: cameras.secrets });
  await openEndpoints(config.webhooks);
  const app = await NestFactory.create<NestExpressApplication>(await AppModule.with(config, kinds), {
    bufferLogs: true,
    abortOnError: false,
    // Nest's own would take forms, too, which any web page may send.
    bodyParser: false,
    // A client that keeps its connection must not keep the process.
    forceCloseConnections: true,
  });
  const log = app.get<Log>(LOG);
  app.useLogger(new NestLog(log));
  app.enableShutdownHooks(['SIGTERM', 'SIGINT'], { useProcessExit: true });
  setUpHttp(app, config);
  await listen(app, config.http);
  for (const warning of [...config.warnings, doubtOfAccess(config.http, config.access) ?? []].flat()) log.warn(warning);
  log.info({ url: await app.getUrl(), stream: config.queue.stream, group: config.queue.group }, 'roadstream is up');
  return app;
}

/** A worker that nobody can ask or stop over HTTP shall not run: it gives its jobs back. */
async function listen(app: NestExpressApplication, { port, host }: Config['http']): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    await app.close();
    throw error;
  }
}
