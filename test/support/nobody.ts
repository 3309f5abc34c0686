/**
 * Where nobody listens, and never will: the servers of all suites take free ports of 127.0.0.1, and a port of that which is
 * free now may be another suite's in a moment. No service has the port, and `fetch` does not refuse it as it does 1 and 9.
 */
export const NOBODY = { host: '127.0.0.2', port: 4 } as const;

/** The same as `host:port`. */
export const NOBODY_AT = `${NOBODY.host}:${NOBODY.port}`;
