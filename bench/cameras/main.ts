import { parseArgs } from 'node:util';
import { measure, SIZES, type Size } from './inspections.js';
import { print, summaryOf } from './report.js';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    size: { type: 'string', multiple: true },
    seconds: { type: 'string', default: '20' },
    jobs: { type: 'string', default: '5' },
    'every-minutes': { type: 'string', default: '60' },
  },
});

/** @throws Error a sentence that names the option */
function whole(name: 'seconds' | 'jobs' | 'every-minutes', max: number): number {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new Error(`--${name} must be a whole number from 1 to ${max}, not "${values[name]}".`);
}

/** @throws Error a sentence that names the option */
function sizes(): Size[] {
  const asked = values.size ?? Object.keys(SIZES);
  for (const name of asked)
    if (!Object.hasOwn(SIZES, name))
      throw new Error(`--size must be one of ${Object.keys(SIZES).join(', ')}, not "${name}".`);
  return asked as Size[];
}

async function main(): Promise<void> {
  const order = { seconds: whole('seconds', 24), jobs: whole('jobs', 100) };
  const everySeconds = whole('every-minutes', 1_440) * 60;
  const rows = [];
  for (const size of sizes()) rows.push(summaryOf(await measure({ ...order, size }), everySeconds));
  if (values.json) console.log(JSON.stringify(rows));
  else print(rows, order.seconds);
}

if (process.platform === 'linux') await main();
else {
  console.error('CPU and memory of each process are read from /proc, which only Linux has.');
  process.exitCode = 2;
}
