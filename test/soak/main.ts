import { parseArgs } from 'node:util';
import { flawsOf, tablesOf } from './summary.js';
import { Soak } from './soak.js';
import { Stage } from './stage.js';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    json: { type: 'boolean', default: false },
  },
});

const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new RangeError('--minutes takes a number above 0, such as 30.');
console.error(`Soaking for ${minutes} minutes and three rests; --seed=${values.seed} plays the same again.`);
const stage = await Stage.set();
const summary = await new Soak(stage, minutes, Number(values.seed)).run().finally(() => stage.clear());
const flaws = flawsOf(summary);
if (values.json) console.log(JSON.stringify({ ...summary, answers: [...summary.answers], flaws }));
else console.log(`\n${tablesOf(summary)}\n`);
for (const flaw of flaws) console.error(`WRONG: ${flaw}`);
process.exitCode = flaws.length > 0 ? 1 : 0;
