import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { OutageError } from '../job/errors.js';
import { isTooLarge, kafkaError } from './kafka-errors.js';

const { KafkaJSConnectionError, KafkaJSNonRetriableError, KafkaJSProtocolError } = kafkajs;

/** As the library gives what a broker answered: at the end of its tries. */
const answered = (type: string) => {
  const cause = new KafkaJSProtocolError(Object.assign(new Error(`Kafka says ${type}`), { type }));
  return Object.assign(new KafkaJSNonRetriableError(cause), { cause });
};

describe('an error of Kafka', () => {
  it.each([
    ['TOPIC_AUTHORIZATION_FAILED', 'KAFKA_REFUSED', 'the rights that docs/kafka.md lists'],
    ['GROUP_AUTHORIZATION_FAILED', 'KAFKA_REFUSED', 'the rights that docs/kafka.md lists'],
    ['SASL_AUTHENTICATION_FAILED', 'KAFKA_REFUSED', 'KAFKA_SASL_MECHANISM'],
    ['UNKNOWN_TOPIC_OR_PARTITION', 'KAFKA_TOPIC', 'create it'],
    ['COORDINATOR_NOT_AVAILABLE', 'KAFKA_AWAY', 'check the brokers'],
  ])('says what to do of %s', (type, code, advice) => {
    const error = kafkaError(answered(type));
    expect(error).toMatchObject({ code, message: expect.stringContaining(advice) });
    expect(error.message).toContain(`(Kafka says ${type})`);
  });

  it('says what to look at when a certificate does not fit', () => {
    const error = new KafkaJSConnectionError('self-signed', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(kafkaError(error)).toMatchObject({ code: 'KAFKA_TLS' });
  });

  it('keeps what is one of ours, and takes whatever else was thrown', () => {
    const ours = new OutageError('KAFKA_FILE', 'a file');
    expect(kafkaError(ours)).toBe(ours);
    expect(kafkaError('odd').message).toContain('(odd)');
  });

  it('is told from a message that is too large', () => {
    expect([isTooLarge(answered('MESSAGE_TOO_LARGE')), isTooLarge(answered('NOT_LEADER'))]).toEqual([true, false]);
  });
});
