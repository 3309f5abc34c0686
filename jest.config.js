// A test has a copy of the environment, onnxruntime reads that of the process: see src/damage/model/quiet-runtime.ts.
process.env.ORT_DISABLE_TELEMETRY = '1';

/** Suites with commands of their own: each takes minutes. */
const APART = [
  '/dist/test/chaos/',
  '/dist/test/topologies/',
  '/dist/test/fuzz/',
  '/dist/test/swift/',
  '/dist/test/browser/',
  '/dist/test/relays/',
  '/dist/test/stack/',
];

/** Suites that take half a minute and more; `npm test` leaves them to `npm run test:long`. */
const LONG = [
  '/dist/test/assessment/assessment\\.spec',
  '/dist/test/capture/(attacks|cameras|long-lived-signal|looks|segments)\\.spec',
  '/dist/test/demo/background\\.spec',
  '/dist/test/docs/lint-rules\\.spec',
  '/dist/test/e2e/(clocks|operations|packed|several-kinds|storage-away)\\.spec',
  '/dist/test/events/(live|restarts)\\.spec',
  '/dist/test/gemini/budgets\\.property\\.spec',
  '/dist/test/http/(access|sign-in)\\.spec',
  '/dist/test/fleet/workers\\.spec',
  '/dist/test/queue/(large|slow-redrive)\\.spec',
  '/dist/test/ops/(dashboards|kubernetes|ringing|rules|scaling|systemd)\\.spec',
  '/dist/test/kafka/kafka-relay\\.spec',
  '/dist/test/webhooks/webhooks\\.spec',
  '/dist/test/model/(promise|status)\\.spec',
  '/dist/test/recording/(recording|full-disk)\\.spec',
  '/dist/test/schedule/replicas\\.spec',
  '/dist/test/vision/(kernels|self-measured-scale)\\.spec',
  '/dist/test/findings/(rejected-at-work|visits)\\.spec',
  '/dist/test/tracing/tracing\\.spec',
  '/dist/test/visits/(road-memory|registered-roads|visits-api)\\.spec',
];

/** `long`: only the long suites. `all`: these too; for whoever names what to run. */
const { TESTS } = process.env;

/**
 * The tests run as compiled: what passes is the very code that ships, worker threads and child processes included.
 */
export default {
  rootDir: 'dist',
  testEnvironment: 'node',
  ...(TESTS === 'long' ? { testRegex: LONG } : { testMatch: ['**/*.spec.js'] }),
  testPathIgnorePatterns: ['/node_modules/', ...APART, ...(TESTS === undefined ? LONG : [])],
  transform: {},
  injectGlobals: false,
  testTimeout: 30_000,
  maxWorkers: 2,
  testSequencer: '<rootDir>/../jest.sequencer.js',
};
