import type { Kafka, Producer } from 'kafkajs';
import type { OutgoingResult, SendAnswer } from '../relay/results-out.js';
import { orLate } from '../lib/deadline.js';
import { isTooLarge, kafkaError } from './kafka-errors.js';
import type { TopicMessage } from './topic-messages.js';

/** A message counts as sent when every replica of its partition that is in step has it. */
const ALL_REPLICAS = -1;
/** A stop does not wait longer for a broker that does not answer. ms */
const LEAVE_WITHIN_MS = 5_000;

/** Sends results to topics. It connects with the first of them, and again after trouble. */
export class ResultsToTopics {
  private connected: Promise<Producer> | undefined;

  /** @param route what is told of a result */
  constructor(
    private readonly kafka: Kafka,
    private readonly route: (result: OutgoingResult) => readonly TopicMessage[],
  ) {}

  /**
   * All of them, or as many as there was a way to.
   * @throws OutageError when none was taken
   */
  async send(results: readonly OutgoingResult[]): Promise<SendAnswer> {
    try {
      await this.sendAll(results);
      return { sent: results.map(({ id }) => id) };
    } catch (error) {
      if (!isTooLarge(error)) throw kafkaError(error);
      return this.sendEach(results);
    }
  }

  async close(): Promise<void> {
    const { connected } = this;
    this.connected = undefined;
    const gone = connected?.then((producer) => producer.disconnect());
    if (gone !== undefined) await orLate(LEAVE_WITHIN_MS, gone, () => undefined).catch(() => undefined);
  }

  /** One is too large for the topic: the others go. */
  private async sendEach(results: readonly OutgoingResult[]): Promise<SendAnswer> {
    const sent: string[] = [];
    const refused: { id: string; why: string }[] = [];
    for (const result of results) {
      try {
        await this.sendAll([result]);
        sent.push(result.id);
      } catch (error) {
        if (!isTooLarge(error)) return { sent, refused, error: kafkaError(error) };
        refused.push({ id: result.id, why: 'it is larger than max.message.bytes of its topic' });
      }
    }
    return { sent, refused };
  }

  private async sendAll(results: readonly OutgoingResult[]): Promise<void> {
    const messages = results.flatMap((result) => this.route(result));
    if (messages.length === 0) return;
    const topics = [...new Set(messages.map(({ topic }) => topic))];
    const topicMessages = topics.map((topic) => ({
      topic,
      messages: messages
        .filter((message) => message.topic === topic)
        .map(({ key, value, headers }) => ({ key, value, headers })),
    }));
    const producer = await this.connect();
    await producer.sendBatch({ acks: ALL_REPLICAS, topicMessages });
  }

  private async connect(): Promise<Producer> {
    this.connected ??= this.open();
    try {
      return await this.connected;
    } catch (error) {
      this.connected = undefined;
      throw error;
    }
  }

  private async open(): Promise<Producer> {
    const { Partitioners } = await import('kafkajs');
    // One batch after the other, lest a retry overtakes. The partitioner is that of the Java clients.
    const createPartitioner = Partitioners.DefaultPartitioner;
    const producer = this.kafka.producer({ createPartitioner, maxInFlightRequests: 1 });
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
  }
}
