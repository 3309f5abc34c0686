/**
 * The tests run as compiled: what passes is the very code that ships, worker threads and child processes included.
 */
export default {
  rootDir: 'dist',
  testEnvironment: 'node',
  testMatch: ['**/*.spec.js'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/test/chaos/', '/dist/test/topologies/', '/dist/test/swift/'],
  transform: {},
  injectGlobals: false,
  testTimeout: 30_000,
  maxWorkers: 2,
};
