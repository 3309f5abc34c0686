import type { Kafka } from 'kafkajs';
import type { RelayBase } from '../relay/relay-base.js';
import type { ResultsOut } from '../relay/results-out.js';
import { JobsFromTopic, type GroupTimes } from './jobs-from-topic.js';
import { ResultsToTopics } from './results-to-topics.js';
import { topicMessages, type ResultTopics, type TaskOf } from './topic-messages.js';

/** Which topics are ours. */
export interface KafkaTopicSettings {
  readonly group: string;
  readonly jobsTopic: string | undefined;
  readonly topics: ResultTopics;
}

const NAME = 'kafka';

/** All that goes between Kafka and the queue. */
export class KafkaRelay {
  private readonly jobs: JobsFromTopic | undefined;
  private readonly topics: ResultsToTopics;
  private readonly results: readonly ResultsOut[];

  constructor(
    kafka: Kafka,
    { jobsTopic: topic, group, topics }: KafkaTopicSettings,
    base: RelayBase,
    taskOf: TaskOf,
    times?: GroupTimes,
  ) {
    if (topic !== undefined) {
      const jobs = base.jobsIn(`${NAME} ${topic}`);
      this.jobs = new JobsFromTopic(kafka, { topic, group }, jobs, base.report(NAME, 'in'), times);
    }
    this.topics = new ResultsToTopics(kafka, (result) => topicMessages(result, topics, taskOf));
    const isAny = Object.values(topics).some((name) => name !== undefined);
    this.results = isAny ? base.resultsOut(NAME, (results) => this.topics.send(results)) : [];
  }

  start(): void {
    this.jobs?.start();
    for (const results of this.results) results.start();
  }

  async stop(): Promise<void> {
    await Promise.all([this.jobs?.stop(), ...this.results.map((results) => results.stop())]);
    await this.topics.close();
  }
}
