import { statSync } from 'node:fs';

/** Suites of a minute and more, the slowest first: one that began last would be waited for alone. */
const SLOWEST = [
  'e2e/operations',
  'demo/background',
  'recording/recording',
  'capture/looks',
  'capture/attacks',
  'e2e/clocks',
  'e2e/several-kinds',
];

/** The slowest suites first, then the largest files: a fresh clone remembers no durations of earlier runs. */
export default class SlowestFirst {
  sort(tests) {
    return [...tests].sort((a, b) => rank(a) - rank(b) || statSync(b.path).size - statSync(a.path).size);
  }

  allFailedTests(tests) {
    return tests;
  }

  cacheResults() {}
}

function rank({ path }) {
  const at = SLOWEST.findIndex((name) => path.endsWith(`/${name}.spec.js`));
  return at < 0 ? SLOWEST.length : at;
}
