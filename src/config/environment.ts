import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from './config.error.js';
import type { Environment } from './config.js';

/**
 * The environment of this process, on top of what the file `.env` in the working directory says. The only place that
 * reads `process.env`, and it never changes it: child processes see nothing of the file.
 * @throws ConfigError when the file is there but cannot be read
 */
export function readEnvironment(file = '.env'): Environment {
  return { ...readEnvFile(file), ...process.env };
}

function readEnvFile(file: string): Environment {
  if (!existsSync(file)) return {};
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError([`${file}: cannot be read (${(error as Error).message}); make it readable or remove it`]);
  }
}
