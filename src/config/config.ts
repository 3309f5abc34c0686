import { ConfigError } from './config.error.js';
import type { Config, LogConfig } from './config.groups.js';
import { findContradictions, findDoubts } from './env.checks.js';
import { groupConfig, groupLog } from './group-config.js';
import { findMisspelt } from './sources/misspelt.js';
import { NamedSecrets } from './sources/named-secrets.js';
import { ignoredOpenrc, refusedOpenrc } from './sources/openrc.js';
import { findRemoved } from './sources/removed.js';
import { DEFAULTS, NAMES, settingOf, type Env, type Name } from './table/table.js';

export { ConfigError } from './config.error.js';
export * from './config.groups.js';
export type { WebhooksConfig } from './webhooks-config.js';
export type { TracingConfig } from './tracing-config.js';
export type { SqsConfig, SqsQueueConfig } from './sqs-config.js';
export type { AccessConfig, SignOnConfig } from './access-config.js';
export type { KafkaConfig, KafkaTopics } from './kafka-config.js';

/** Variables by name. An empty text counts as unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The whole configuration. Pure: reads nothing but `env`.
 * @throws ConfigError that lists every wrong variable at once
 */
export function loadConfig(env: Environment): Config {
  const { values, problems } = readAll(env);
  const all = [...problems, ...findContradictions(values), ...refusedOpenrc(env)];
  if (all.length > 0) throw new ConfigError(all);
  const misspelt = findMisspelt(env, NAMES);
  const warnings = [...findDoubts(values), ...findRemoved(env), ...misspelt, ...ignoredOpenrc(env, NAMES, misspelt)];
  return groupConfig(values, warnings, new NamedSecrets(env));
}

/** How to log, as far as the environment says something usable: for a start that fails because of all the rest. */
export function loadLogConfig(env: Environment): LogConfig {
  const { LOG_LEVEL, LOG_PRETTY } = env;
  const { values } = readAll({ LOG_LEVEL, LOG_PRETTY });
  // Why a start failed is told at any level but silent.
  return groupLog(
    LOG_LEVEL?.trim() === 'silent' ? { ...values, LOG_LEVEL: 'silent' } : { ...values, LOG_LEVEL: 'info' },
  );
}

/** Each variable by its row of the table; one that is wrong keeps its default, and is named. */
function readAll(env: Environment): { values: Env; problems: string[] } {
  const values: Record<string, unknown> = { ...DEFAULTS };
  const problems: string[] = [];
  for (const name of NAMES) {
    const text = env[name]?.trim() ?? '';
    if (text === '') continue;
    const reading = settingOf(name).read(text);
    if ('value' in reading) values[name] = reading.value;
    else problems.push(problemOf(name, text, reading.objection));
  }
  return { values: values as Env, problems };
}

function problemOf(name: Name, text: string, objection: string): string {
  const found = settingOf(name).isSecret ? 'is set, but not usable' : `is ${JSON.stringify(text)}`;
  return `${name}: ${found}; ${objection}`;
}
