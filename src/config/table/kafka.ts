import { isBroker, isTopic, isTopicOrNone } from '../env.forms.js';
import { commaList, flag, line, oneOf, secret, shaped } from './rows.js';

const TOPIC = 'the name of a topic: 1 to 249 letters, digits, ".", "_" and "-"';

/** Jobs from topics of Kafka, and results to them. */
export const KAFKA = {
  Kafka: {
    KAFKA_BROKERS: commaList(
      'brokers, each host:port',
      isBroker,
      'Where Kafka is, such as kafka-1:9092,kafka-2:9092; see docs/kafka.md. Not set: no Kafka.',
    ),
    KAFKA_TLS: flag(undefined, 'Not set: when one of the files below is.'),
    KAFKA_TLS_CA_FILE: line(
      undefined,
      "PEM file of the authority that signed the brokers' certificates, when it is not a public one.",
    ),
    KAFKA_TLS_CERT_FILE: line(undefined, 'PEM file of our own certificate, where the brokers ask for one.'),
    KAFKA_TLS_KEY_FILE: line(undefined, 'PEM file of its key.'),
    KAFKA_SASL_MECHANISM: oneOf(
      undefined,
      ['plain', 'scram-sha-256', 'scram-sha-512'],
      'How we sign on; not set: not at all.',
    ),
    KAFKA_SASL_USERNAME: line(undefined),
    KAFKA_SASL_PASSWORD: secret(line(undefined)),
    KAFKA_GROUP: shaped(
      'roadstream',
      'a name of 1 to 200 characters without spaces',
      /^[^\s\p{C}]{1,200}$/u,
      'The consumer group by which replicas share the jobs.',
    ),
    KAFKA_JOBS_TOPIC: shaped(undefined, TOPIC, isTopic, 'Its messages become jobs; not set: none do.'),
    KAFKA_DETECTIONS_TOPIC: shaped(
      'detection-results',
      TOPIC,
      isTopicOrNone,
      'Finished inspections go here; `-`: nowhere.',
    ),
    KAFKA_TASKS_TOPIC: shaped(
      'assessment-tasks',
      TOPIC,
      isTopicOrNone,
      'Inspections that ASSESS_ON has judged go here, as tasks; `-`: nowhere.',
    ),
    KAFKA_RISKS_TOPIC: shaped(
      'risk-assessment-results',
      TOPIC,
      isTopicOrNone,
      'Finished assessments go here; `-`: nowhere.',
    ),
  },
};
