import type { Admin } from 'kafkajs';
import { messageOf } from '../job/errors.js';
import { orLate } from '../lib/deadline.js';
import { fail, ok, warn, type Diagnosis } from '../lib/diagnosis.js';
import { kafkaError } from './kafka-errors.js';
import type { KafkaTopicSettings } from './kafka-relay.js';
import { openKafka, type KafkaSettings } from './open-kafka.js';

const SUBJECT = 'kafka';
/** A broker that hangs must not keep us. ms */
const PATIENCE_MS = 30_000;

/** Whether Kafka lets us in, has our topics and lets us read; nothing when there is no Kafka. Sends nothing and joins no group. */
export async function diagnoseKafka(settings: (KafkaSettings & KafkaTopicSettings) | undefined): Promise<Diagnosis[]> {
  if (settings === undefined) return [];
  try {
    const admin = (await openKafka(settings)).admin();
    try {
      const late = () => [fail(SUBJECT, 'The brokers do not answer within 30 s: check the network and KAFKA_BROKERS.')];
      return await orLate(PATIENCE_MS, look(admin, settings), late);
    } finally {
      await orLate(1_000, admin.disconnect(), () => undefined).catch(() => undefined);
    }
  } catch (error) {
    return [fail(SUBJECT, messageOf(error))];
  }
}

async function look(admin: Admin, { group, jobsTopic, topics, brokers }: KafkaSettings & KafkaTopicSettings) {
  try {
    await admin.connect();
    const known = new Set(await admin.listTopics());
    const found = [ok(SUBJECT, `Kafka answers at ${brokers.join(', ')}.`)];
    if (jobsTopic !== undefined && known.has(jobsTopic)) {
      await admin.fetchOffsets({ groupId: group, topics: [jobsTopic] });
      found.push(ok(SUBJECT, `Jobs come from ${jobsTopic}, by the group ${group}.`));
    }
    const asked = [jobsTopic, topics.detections, topics.tasks, topics.risks];
    const missing = [...new Set(asked)].filter((topic): topic is string => topic !== undefined && !known.has(topic));
    return [...found, ...missing.map(missingTopic)];
  } catch (error) {
    return [fail(SUBJECT, kafkaError(error).message)];
  }
}

function missingTopic(topic: string): Diagnosis {
  return warn(
    SUBJECT,
    `There is no topic ${topic} that we may see: create it (kafka-topics.sh --create --topic ${topic}), unless your brokers ` +
      'make topics when they are first named.',
  );
}
