import { ConfigError, loadConfig } from './config/config.js';
import { readEnvironment } from './config/environment.js';
import { JobError } from './job/errors.js';
import { startService } from './service.js';

/** A start that fails for a reason we know says just that; anything else shows its stack. */
function explain(error: unknown): never {
  const isKnown = error instanceof ConfigError || error instanceof JobError;
  console.error(isKnown ? error.message : error);
  // What was built before the failure, such as an open port, would keep the process alive.
  process.exit(1);
}

try {
  await startService(loadConfig(readEnvironment()));
} catch (error) {
  explain(error);
}
