import type { PublishedResult, ResultsFeed } from '../../queue/results/results-feed.js';
import type { JobProducer } from '../../queue/job-producer.js';
import { inspectionTask, type AssessOn } from './inspection-task.js';

/** Puts the tasks that inspections become into the queue: each once, and none is forgotten. */
export class InspectionTasks {
  constructor(
    private readonly feed: ResultsFeed,
    private readonly producer: JobProducer,
    private readonly on: AssessOn,
  ) {}

  /** The result is done with only once its task is in the queue. */
  async take({ id, fields }: PublishedResult): Promise<void> {
    const task = inspectionTask(fields, this.on);
    if (task !== undefined) await this.producer.addOnce(task);
    await this.feed.done(id);
  }
}
