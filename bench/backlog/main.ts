import { parseArgs } from 'node:util';
import { BenchRedis } from '../queue/bench-redis.js';
import { measureBacklog } from '../queue/runs.js';

/** Whether a job costs more, or a worker more memory, the more jobs wait. */
const CASES = [
  { backlog: 1_000, waitingForRetry: 0 },
  { backlog: 100_000, waitingForRetry: 0 },
  { backlog: 1_000_000, waitingForRetry: 0 },
  { backlog: 1_000, waitingForRetry: 10_000 },
];

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, jobs: { type: 'string', default: '20000' } },
});

const redis = await BenchRedis.start();
const rows = [];
for (const backlog of CASES) rows.push(await measureBacklog(redis, backlog, Number(values.jobs)));
await redis.stop();
if (values.json) console.log(JSON.stringify(rows));
else console.table(rows);
