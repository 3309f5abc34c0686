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

/** Many small jobs for the memory, then four full ones side by side, each by a service of its own: delays look back a minute or two. */
async function main(jobs: number): Promise<Summary> {
  const small = await soaked(jobs, SMALL_CAMERAS, SMALL_SECONDS);
  const full = await soaked(FULL_CAMERAS.length, FULL_CAMERAS, FULL_SECONDS);
  return summaryOf(small.samples, { small: small.delays, full: full.delays });
}

/** Runs jobs through the real service with four slots, beside an idle loop. */
async function soaked(jobs: number, cameras: readonly string[], seconds: number) {
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
    const samples = await soak.run(jobs, cameras, seconds);
    return { samples, delays: { service: await soak.delay(), idle: await idle.delay() } };
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
