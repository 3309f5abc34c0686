import { parseArgs } from 'node:util';
import { ALL_DAMAGE, drawStill, sceneOf, VIEWPOINTS } from '../../demo/renderer/index.js';
import { ROAD_DAMAGE_1 } from '../../eval/real/road-damage-1.js';
import { BuiltinDetector } from '../../src/damage/builtin/builtin-detector.js';
import { ROAD_DAMAGE, type RoadModel } from '../../src/damage/builtin/road-model.js';
import type { Picture } from '../../src/picture/picture.js';
import { ThreadPool } from '../../src/threads/thread-pool.js';

/** What looking at a picture costs with one model. */
interface Cost {
  /** Median over the rounds, ms. */
  wallMs: number;
  /** Median, of all threads of the process, ms. */
  cpuMs: number;
  /** What the process keeps resident more after the last round than after the first third, MiB. */
  grownMiB: number;
}

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '30' } },
});

/** px; the size at which most cameras are looked at */
const SIZE = { width: 1280, height: 736 };
const WARM_UP = 3;
const { signal } = new AbortController();

const { picture } = drawStill(sceneOf({ seed: 1, view: VIEWPOINTS.gantry, damage: ALL_DAMAGE, ...SIZE }));
const threads = new ThreadPool();
const rounds = Number(values.rounds);
const models = [ROAD_DAMAGE, ROAD_DAMAGE_1];
const looks = new Map<RoadModel, Look[]>(models.map((model) => [model, []]));
// In turns, so that whatever else happens on the machine happens to both.
for (let round = -WARM_UP; round < rounds; round++) {
  for (const model of models) {
    const look = await lookAt(picture, new BuiltinDetector(threads, model));
    if (round >= 0) looks.get(model)!.push(look);
  }
}
await threads.close();
const costs = Object.fromEntries(models.map((model) => [`model ${model.version}`, costOf(looks.get(model)!)]));
if (values.json) console.log(JSON.stringify(costs));
else print();

interface Look {
  wallMs: number;
  cpuMs: number;
  residentMiB: number;
}

async function lookAt(seen: Picture, detector: BuiltinDetector): Promise<Look> {
  const [before, cpu] = [performance.now(), process.cpuUsage()];
  await detector.detect(seen, { signal });
  const { user, system } = process.cpuUsage(cpu);
  return {
    wallMs: performance.now() - before,
    cpuMs: (user + system) / 1_000,
    residentMiB: process.memoryUsage.rss() / 2 ** 20,
  };
}

function costOf(all: readonly Look[]): Cost {
  const early = all[Math.floor(all.length / 3)]!.residentMiB;
  return {
    wallMs: Math.round(median(all.map(({ wallMs }) => wallMs))),
    cpuMs: Math.round(median(all.map(({ cpuMs }) => cpuMs))),
    grownMiB: Math.round(all.at(-1)!.residentMiB - early),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function print(): void {
  console.log(
    `Looking at one picture of ${SIZE.width} x ${SIZE.height}, warm, one thread for the model; medians of ${rounds}:`,
  );
  console.table(costs);
  const [now, before] = models.map(({ version }) => costs[`model ${version}`]!);
  console.log(`${(now!.wallMs / before!.wallMs).toFixed(2)} of the time of model ${ROAD_DAMAGE_1.version}.`);
}
