import type { Environment } from '../config.js';
import { NAMES } from '../table/table.js';
import { readEnvFile } from './env-file.js';

/**
 * The environment of this process, on top of what the file `.env` in the working directory says. With {@link realEnvironment}
 * the only place that reads `process.env`, and it never changes it: child processes see nothing of the file.
 * @throws ConfigError when the file is there but cannot be read, or has lines that would be passed over in silence
 */
export function readEnvironment(file = '.env'): Environment {
  return { ...readEnvFile(file, NAMES), ...realEnvironment() };
}

/** The environment of this process alone, for what must be known although the file cannot be read. */
export function realEnvironment(): Environment {
  return process.env;
}
