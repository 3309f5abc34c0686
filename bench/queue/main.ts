import { parseArgs } from 'node:util';
import { BenchRedis } from './bench-redis.js';
import { ENGINES, median, TELLING, type LatencyRun, type ThroughputRun } from './measures.js';
import { printReport, printTelling, toRows } from './report.js';
import { measureLatency, measureThroughput } from './runs.js';

const CONCURRENCIES = [1, 2, 16, 64];
const TELLING_CONCURRENCIES = [2, 16];

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    jobs: { type: 'string', default: '20000' },
  },
});

/** Interleaved: a machine that is busy for a while is busy for all. */
async function main(): Promise<void> {
  const redis = await BenchRedis.start();
  const throughput: ThroughputRun[] = [];
  const telling: ThroughputRun[] = [];
  const latency: LatencyRun[] = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    for (const concurrency of CONCURRENCIES) {
      for (const engine of ENGINES) {
        const jobs = Math.floor(Number(values.jobs) * (concurrency < 16 ? 0.25 : 1));
        throughput.push(await measureThroughput(redis, { engine, concurrency }, jobs));
      }
    }
    for (const engine of TELLING)
      for (const concurrency of TELLING_CONCURRENCIES)
        telling.push(await measureThroughput(redis, { engine, concurrency }, Math.floor(Number(values.jobs) / 2)));
    for (const engine of ENGINES) latency.push(await measureLatency(redis, engine, 100));
  }
  await redis.stop();
  const rows = toRows(throughput, latency, median);
  if (values.json) console.log(JSON.stringify([...rows, ...telling]));
  else {
    printReport(rows);
    printTelling(telling, median);
  }
}

await main();
