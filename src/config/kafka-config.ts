import { itemsOf } from './table/rows.js';
import type { Env } from './table/table.js';

/** How to reach Kafka, and which topics are ours. */
export interface KafkaConfig {
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** Undefined: without TLS. */
  readonly tls: KafkaTlsConfig | undefined;
  readonly sasl: KafkaSaslConfig | undefined;
  /** The consumer group that reads `jobsTopic`. */
  readonly group: string;
  /** Its messages become jobs; undefined: none do. */
  readonly jobsTopic: string | undefined;
  /** Where results go; undefined: nowhere. */
  readonly topics: KafkaTopics;
}

/** PEM files. */
export interface KafkaTlsConfig {
  readonly caFile: string | undefined;
  /** With its key. */
  readonly certFile: string | undefined;
  readonly keyFile: string | undefined;
}

export interface KafkaSaslConfig {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** The topics that results go to. */
export interface KafkaTopics {
  readonly detections: string | undefined;
  readonly tasks: string | undefined;
  readonly risks: string | undefined;
}

/** In the place of a topic: none. */
const NONE = '-';

/** The checked variables about Kafka as a group; undefined when there is no Kafka. */
export function groupKafka(env: Env): KafkaConfig | undefined {
  const brokers = itemsOf(env.KAFKA_BROKERS);
  if (brokers.length === 0) return undefined;
  return {
    brokers,
    tls: usesTls(env)
      ? { caFile: env.KAFKA_TLS_CA_FILE, certFile: env.KAFKA_TLS_CERT_FILE, keyFile: env.KAFKA_TLS_KEY_FILE }
      : undefined,
    sasl: groupSasl(env),
    group: env.KAFKA_GROUP,
    jobsTopic: env.KAFKA_JOBS_TOPIC,
    topics: {
      detections: topicOf(env.KAFKA_DETECTIONS_TOPIC),
      tasks: topicOf(env.KAFKA_TASKS_TOPIC),
      risks: topicOf(env.KAFKA_RISKS_TOPIC),
    },
  };
}

function topicOf(text: string): string | undefined {
  return text === NONE ? undefined : text;
}

function usesTls(env: Env): boolean {
  return env.KAFKA_TLS ?? tlsFileOf(env) !== undefined;
}

function tlsFileOf(env: Env): string | undefined {
  return env.KAFKA_TLS_CA_FILE ?? env.KAFKA_TLS_CERT_FILE ?? env.KAFKA_TLS_KEY_FILE;
}

function groupSasl(env: Env): KafkaSaslConfig | undefined {
  const { KAFKA_SASL_MECHANISM: mechanism, KAFKA_SASL_USERNAME: username, KAFKA_SASL_PASSWORD: password } = env;
  return mechanism && { mechanism, username: username ?? '', password: password ?? '' };
}

/** What is wrong although every variable by itself is right: one line per problem. */
export function kafkaContradictions(env: Env): string[] {
  return env.KAFKA_BROKERS === undefined ? [] : [...halfSasl(env), ...halfCertificate(env), ...circles(env)];
}

function halfSasl(env: Env): string[] {
  const names = ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'] as const;
  const missing = names.filter((name) => env[name] === undefined);
  if (missing.length === names.length) return [];
  const given = names.find((name) => env[name] !== undefined) as string;
  return missing.map((name) => `${name}: is not set; must be set since ${given} is`);
}

function halfCertificate(env: Env): string[] {
  const [certificate, key] = [env.KAFKA_TLS_CERT_FILE, env.KAFKA_TLS_KEY_FILE];
  if ((certificate === undefined) === (key === undefined)) return [];
  const [missing, given] =
    key === undefined ? ['KAFKA_TLS_KEY_FILE', 'KAFKA_TLS_CERT_FILE'] : ['KAFKA_TLS_CERT_FILE', 'KAFKA_TLS_KEY_FILE'];
  return [`${missing}: is not set; must be set since ${given} is`];
}

/** What we send must not come back as a job. */
function circles(env: Env): string[] {
  const names = ['KAFKA_DETECTIONS_TOPIC', 'KAFKA_TASKS_TOPIC', 'KAFKA_RISKS_TOPIC'] as const;
  return names.flatMap((name) =>
    env[name] === env.KAFKA_JOBS_TOPIC ? [`${name}: is the same topic as KAFKA_JOBS_TOPIC; must be another one`] : [],
  );
}

/** What is allowed but probably not meant: one sentence each. */
export function kafkaDoubts(env: Env): string[] {
  if (env.KAFKA_BROKERS === undefined) {
    const idle = env.KAFKA_JOBS_TOPIC ?? env.KAFKA_SASL_MECHANISM ?? env.KAFKA_SASL_USERNAME ?? tlsFileOf(env);
    return idle === undefined ? [] : ['KAFKA_ variables without KAFKA_BROKERS do nothing.'];
  }
  const doubts: string[] = [];
  if (env.KAFKA_SASL_MECHANISM === 'plain' && !usesTls(env)) {
    doubts.push(
      'KAFKA_SASL_MECHANISM is plain without KAFKA_TLS: everybody on the way to the brokers can read the password.',
    );
  }
  if (env.KAFKA_TLS === false && tlsFileOf(env) !== undefined) {
    doubts.push('KAFKA_TLS is false: the files of KAFKA_TLS_ are not used.');
  }
  return doubts;
}
