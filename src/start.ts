import { ConfigError, loadConfig, loadLogConfig, type Environment } from './config/config.js';
import { readEnvironment, realEnvironment } from './config/sources/environment.js';
import { JobError } from './job/errors.js';
import { LibraryMissingError } from './lib/optional-library.js';
import { redactText } from './lib/redact.js';
import { openLog } from './log/log.js';
import { startService } from './service.js';

/**
 * Starts the service by what the environment says. A start that fails says why in the form that the log was asked to
 * have, and ends the process with 1.
 */
export async function start(): Promise<void> {
  let environment: Environment | undefined;
  try {
    environment = readEnvironment();
    await startService(loadConfig(environment));
  } catch (error) {
    // What the file says is unknown when it is what is wrong.
    explain(error, environment ?? realEnvironment());
    // What was built before the failure, such as an open port, would keep the process alive.
    process.exit(1);
  }
}

/** A reason that we know is one sentence; anything else brings its stack along. */
function explain(error: unknown, environment: Environment): void {
  const log = openLog({ ...loadLogConfig(environment), sync: true });
  if (error instanceof ConfigError) log.fatal({ code: error.code, problems: error.problems }, error.message);
  else if (error instanceof LibraryMissingError) log.fatal({ code: error.code }, error.message);
  else if (error instanceof JobError) log.fatal({ code: error.code }, redactText(error.message));
  else log.fatal(detailsOf(error), `The service cannot start: ${reasonOf(error)}`);
}

function detailsOf(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { code: 'UNEXPECTED' };
  const code = 'code' in error ? String(error.code) : 'UNEXPECTED';
  return { code, stack: redactText(error.stack ?? '') };
}

function reasonOf(error: unknown): string {
  return redactText(error instanceof Error ? error.message : String(error));
}
