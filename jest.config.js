// A test has a copy of the environment, onnxruntime reads that of the process: see src/damage/model/quiet-runtime.ts.
process.env.ORT_DISABLE_TELEMETRY = '1';

/**
 * The tests run as compiled: what passes is the very code that ships, worker threads and child processes included.
 */
export default {
  rootDir: 'dist',
  testEnvironment: 'node',
  testMatch: ['**/*.spec.js'],
  testPathIgnorePatterns: [
    '/node_modules/',
    '/dist/test/chaos/',
    '/dist/test/topologies/',
    '/dist/test/fuzz/',
    '/dist/test/swift/',
  ],
  transform: {},
  injectGlobals: false,
  testTimeout: 30_000,
  maxWorkers: 2,
};
