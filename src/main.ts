import { ConfigError, loadConfig } from './config/config.js';
import { readEnvironment } from './config/environment.js';
import { JobError } from './job/errors.js';
import { startService } from './service.js';

/** A start that fails for a reason we know says just that; anything else shows its stack. */
function explain(error: unknown): void {
  const isKnown = error instanceof ConfigError || error instanceof JobError;
  console.error(isKnown ? error.message : error);
  process.exitCode = 1;
}

try {
  await startService(loadConfig(readEnvironment()));
} catch (error) {
  explain(error);
}
