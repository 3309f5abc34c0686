import { within } from '../lib/deadline.js';
import type { RelayBase } from '../relay/relay-base.js';
import { loadSqs } from './open-sqs.js';
import { SqsJobs } from './sqs-jobs.js';
import { SqsQueue } from './sqs-queue.js';
import { sendToQueue } from './sqs-results.js';
import { SQS_PACE, type SqsKeys, type SqsPace, type SqsQueueSettings } from './sqs-settings.js';

/** Which queues there are. */
export interface SqsRelaySettings {
  readonly jobs: SqsQueueSettings | undefined;
  readonly results: SqsQueueSettings | undefined;
  readonly keys: SqsKeys;
}

/** Its name in metrics, log, health and groups. */
const RELAY = 'sqs';
/** A stop waits no longer for calls to a queue that does not answer; what is in hand comes again. ms */
const STOP_WITHIN_MS = 10_000;

/** What carries between queues of SQS and Redis. */
export interface SqsRelay {
  /** What it does, a sentence each. */
  readonly summary: readonly string[];
  start(): void;
  /** Resolves once nothing is in hand, or within seconds. */
  stop(): Promise<void>;
}

/**
 * Loads the SDK and makes what carries; nothing is called yet.
 * @throws LibraryMissingError
 */
export async function openSqsRelay(
  settings: SqsRelaySettings,
  base: RelayBase,
  pace: SqsPace = SQS_PACE,
): Promise<SqsRelay> {
  const { jobs, results, keys } = settings;
  const library = await loadSqs((jobs ?? results)?.variable ?? '');
  const open = (of: SqsQueueSettings): SqsQueue => new SqsQueue(library, of, keys, pace);
  const queues = [jobs, results].map((of) => of && open(of));
  const [from, to] = queues;
  const ways = [
    ...(from === undefined ? [] : [new SqsJobs(from, base.jobsIn(`${RELAY} ${from.name}`), base.report(RELAY, 'in'))]),
    ...(to === undefined ? [] : base.resultsOut(RELAY, sendToQueue(to))),
  ];
  return {
    summary: [
      ...(from === undefined ? [] : [`Messages of the SQS queue ${from.name} become jobs.`]),
      ...(to === undefined ? [] : [`Results go to the SQS queue ${to.name}.`]),
    ],
    start: () => ways.forEach((way) => way.start()),
    stop: async () => {
      await within(STOP_WITHIN_MS, Promise.all(ways.map((way) => way.stop())));
      for (const queue of queues) queue?.close();
    },
  };
}
