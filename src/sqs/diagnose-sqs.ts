import { fail, ok, type Diagnosis } from '../lib/diagnosis.js';
import { messageOf } from '../job/errors.js';
import { loadSqs } from './open-sqs.js';
import { SqsQueue } from './sqs-queue.js';
import type { SqsRelaySettings } from './sqs-relay.js';
import { SQS_PACE, type SqsQueueSettings } from './sqs-settings.js';

/** For a person who waits: one try, and no long silence. */
const PACE = { ...SQS_PACE, waitSeconds: 0, silenceMs: 5_000, attempts: 1 };

/** Looks at each queue that is set: one line each. Takes no message and sends none. */
export async function diagnoseSqs({ jobs, results, keys }: SqsRelaySettings): Promise<Diagnosis[]> {
  const queues = [jobs, results].filter((queue): queue is SqsQueueSettings => queue !== undefined);
  return Promise.all(queues.map((settings) => diagnoseQueue(settings, keys)));
}

async function diagnoseQueue(settings: SqsQueueSettings, keys: SqsRelaySettings['keys']): Promise<Diagnosis> {
  const { variable, name } = settings;
  try {
    const queue = new SqsQueue(await loadSqs(variable), settings, keys, PACE);
    const waiting = await queue.waiting().finally(() => queue.close());
    return ok('sqs', `${variable}: ${name} is there, and about ${waiting} messages wait in it.`);
  } catch (error) {
    return fail('sqs', `${variable}: ${messageOf(error)}`);
  }
}
