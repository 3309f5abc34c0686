import { parseArgs } from 'node:util';
import { RedisServer } from '../../test/support/redis-server.js';
import { Service } from '../../test/support/service.js';
import { IdleLoop } from './idle-loop.js';
import { print, summaryOf, type Summary } from './report.js';
import { Soak } from './soak.js';
import { FULL_CAMERAS, SMALL_CAMERAS, startCameras } from './stage.js';

/** s of video per small job: the fewest frames that make a background take no longer. */
const SMALL_SECONDS = 2;
/** s of video per full job, as in the demo */
const FULL_SECONDS = 10;

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, jobs: { type: 'string', default: '200' } },
});

/** The real service with four slots: many small jobs for its memory, then four full ones side by side. */
async function main(jobs: number): Promise<Summary> {
  const origin = await startCameras();
  const redis = await RedisServer.start();
  const service = await Service.start({
    REDIS_URL: redis.url,
    OUTBOUND_ALLOW: origin.host,
    MAX_CONCURRENCY: '4',
    // The bench keeps what the service writes.
    LOG_LEVEL: 'warn',
  });
  const idle = new IdleLoop();
  try {
    const soak = new Soak(service, redis.client(), origin);
    await idle.delay();
    const samples = await soak.run(jobs, SMALL_CAMERAS, SMALL_SECONDS);
    const small = { service: await soak.delay(), idle: await idle.delay() };
    await soak.run(FULL_CAMERAS.length, FULL_CAMERAS, FULL_SECONDS);
    return summaryOf(samples, { small, full: { service: await soak.delay(), idle: await idle.delay() } });
  } finally {
    await idle.stop();
    await service.stop();
    await redis.stop();
    await origin.close();
  }
}

const summary = await main(Number(values.jobs));
if (values.json) console.log(JSON.stringify(summary));
else print(summary);
