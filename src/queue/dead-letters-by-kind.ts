import type { JobKind } from '../job/kind.js';
import type { DeadLetters } from './dead-letters.js';

/** The dead letters of every kind of job, whether or not its engine runs in this process. */
export abstract class DeadLettersByKind implements Readonly<Record<JobKind, DeadLetters>> {
  abstract readonly inspection: DeadLetters;
  abstract readonly assessment: DeadLetters;
}
