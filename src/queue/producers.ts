import type { JobKind } from '../job/kind.js';
import type { JobProducer } from './job-producer.js';

/** A producer for every kind of job, whether or not its engine runs in this process. */
export abstract class Producers implements Readonly<Record<JobKind, JobProducer>> {
  abstract readonly inspection: JobProducer;
  abstract readonly assessment: JobProducer;
}
