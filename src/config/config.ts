import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { ConfigError } from './config.error.js';
import type { Config, LogConfig } from './config.groups.js';
import { findContradictions, findDoubts } from './env.checks.js';
import { EnvDto, SECRETS, VARIABLES } from './env.dto.js';
import { groupConfig, groupLog } from './group-config.js';
import { findMisspelt } from './sources/misspelt.js';
import { findRemoved } from './sources/removed.js';
import { NamedSecrets } from './sources/named-secrets.js';
import { ignoredOpenrc, refusedOpenrc } from './sources/openrc.js';

export { ConfigError } from './config.error.js';
export * from './config.groups.js';

/** Variables by name. An empty text counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The whole configuration. Pure: reads nothing but `env`.
 * @throws ConfigError that lists every wrong variable at once
 */
export function loadConfig(env: Environment): Config {
  const entries = VARIABLES.map((name) => [name, env[name]?.trim()] as const);
  const given: Environment = Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== ''));
  const dto = plainToInstance(EnvDto, given, { exposeDefaultValues: true });
  const problems = [...findWrong(dto, given), ...findContradictions(dto), ...refusedOpenrc(env)];
  if (problems.length > 0) throw new ConfigError(problems);
  const misspelt = findMisspelt(env, VARIABLES);
  return groupConfig(
    dto,
    [...findDoubts(dto), ...findRemoved(env), ...misspelt, ...ignoredOpenrc(env, VARIABLES, misspelt)],
    new NamedSecrets(env),
  );
}

/** How to log, as far as the environment says something usable: for a start that fails because of all the rest. */
export function loadLogConfig(env: Environment): LogConfig {
  const level = env['LOG_LEVEL']?.trim() ?? '';
  const given: Environment = { LOG_PRETTY: env['LOG_PRETTY']?.trim() };
  const usable = given['LOG_PRETTY'] === undefined || given['LOG_PRETTY'] === '' ? {} : given;
  const dto = plainToInstance(EnvDto, usable, { exposeDefaultValues: true });
  if (typeof dto.LOG_PRETTY !== 'boolean') dto.LOG_PRETTY = undefined;
  if (level === 'silent') dto.LOG_LEVEL = level;
  return groupLog(dto);
}

function findWrong(dto: EnvDto, given: Environment): string[] {
  return validateSync(dto).map(({ property, constraints = {} }) => {
    const found = SECRETS.has(property) ? 'is set, but not usable' : `is ${JSON.stringify(given[property])}`;
    return `${property}: ${found}; ${Object.values(constraints).join('; ')}`;
  });
}
