import { describe, expect, it } from '@jest/globals';
import { loadConfig, type ConfigError, type Environment } from './config.js';

const BROKERS = { KAFKA_BROKERS: 'kafka-1:9092, kafka-2:9092' };
const SASL = { KAFKA_SASL_MECHANISM: 'scram-sha-512', KAFKA_SASL_USERNAME: 'u', KAFKA_SASL_PASSWORD: 'p' };

function problemsOf(env: Environment): readonly string[] {
  try {
    loadConfig(env);
  } catch (error) {
    return (error as ConfigError).problems;
  }
  return [];
}

const doubtsOf = (env: Environment) => loadConfig(env).warnings.filter((warning) => warning.includes('KAFKA_'));

describe('the settings for Kafka', () => {
  it('are off without brokers', () => {
    expect(loadConfig({}).kafka).toBeUndefined();
    expect(doubtsOf({ KAFKA_JOBS_TOPIC: 'jobs' })).toEqual(['KAFKA_ variables without KAFKA_BROKERS do nothing.']);
  });

  it('name the topics of the other systems by default, and read no jobs', () => {
    expect(loadConfig(BROKERS).kafka).toEqual({
      brokers: ['kafka-1:9092', 'kafka-2:9092'],
      tls: undefined,
      sasl: undefined,
      group: 'roadstream',
      jobsTopic: undefined,
      topics: { detections: 'detection-results', tasks: 'assessment-tasks', risks: 'risk-assessment-results' },
    });
  });

  it('take a dash for no topic', () => {
    expect(loadConfig({ ...BROKERS, KAFKA_TASKS_TOPIC: '-' }).kafka?.topics.tasks).toBeUndefined();
  });

  it('have TLS when asked for, or when there is a file for it', () => {
    expect(loadConfig({ ...BROKERS, KAFKA_TLS: 'true' }).kafka?.tls).toEqual({});
    const files = { ...BROKERS, KAFKA_TLS_CA_FILE: 'ca.pem' };
    expect(loadConfig(files).kafka?.tls).toEqual({ caFile: 'ca.pem' });
    expect(loadConfig({ ...files, KAFKA_TLS: 'false' }).kafka?.tls).toBeUndefined();
    expect(doubtsOf({ ...files, KAFKA_TLS: 'false' })).toHaveLength(1);
  });

  it('sign on', () => {
    expect(loadConfig({ ...BROKERS, ...SASL }).kafka?.sasl).toEqual({
      mechanism: 'scram-sha-512',
      username: 'u',
      password: 'p',
    });
  });

  it.each([
    [{ KAFKA_BROKERS: 'kafka' }, 'KAFKA_BROKERS: is "kafka"'],
    [{ KAFKA_BROKERS: 'kafka:99999' }, 'KAFKA_BROKERS: '],
    [{ ...BROKERS, KAFKA_JOBS_TOPIC: 'a topic' }, 'KAFKA_JOBS_TOPIC: is "a topic"'],
    [{ ...BROKERS, KAFKA_JOBS_TOPIC: '-' }, 'KAFKA_JOBS_TOPIC: is "-"'],
    [{ ...BROKERS, KAFKA_SASL_MECHANISM: 'plain', KAFKA_SASL_USERNAME: 'u' }, 'KAFKA_SASL_PASSWORD: is not set'],
    [{ ...BROKERS, KAFKA_TLS_CERT_FILE: 'own.pem' }, 'KAFKA_TLS_KEY_FILE: is not set'],
    [{ ...BROKERS, KAFKA_JOBS_TOPIC: 'assessment-tasks' }, 'KAFKA_TASKS_TOPIC: is the same topic as KAFKA_JOBS_TOPIC'],
  ])('refuse %j', (env, problem) => {
    const problems = problemsOf(env);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(problem);
  });

  it('warn of a password that everybody can read on its way', () => {
    const env = { ...BROKERS, ...SASL, KAFKA_SASL_MECHANISM: 'plain' };
    expect(doubtsOf(env)).toEqual([expect.stringContaining('everybody on the way')]);
    expect(doubtsOf({ ...env, KAFKA_TLS: 'true' })).toEqual([]);
  });
});
