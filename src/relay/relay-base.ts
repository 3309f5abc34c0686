import type { Link } from '../redis/link.js';
import { ResultsFeed } from '../queue/results/results-feed.js';
import { UndeliveredJobs } from './undelivered-jobs.js';
import { JobsIn, type JobsInNeeds } from './jobs-in.js';
import { RelayReport, type ReportNeeds } from './relay-report.js';
import { RelayStates, type Direction } from './relay-states.js';
import { ResultsOut, type SendResults } from './results-out.js';

/** What relays are made from. */
export interface RelayBaseNeeds extends JobsInNeeds, Omit<ReportNeeds, 'states'> {
  readonly link: Link;
}

/** What every relay is made of: a way in for jobs, ways out for results, and what is told of both. */
export class RelayBase {
  readonly states = new RelayStates();

  constructor(private readonly needs: RelayBaseNeeds) {}

  /** By Redis' clock, ms since the epoch. */
  now(): number {
    return this.needs.clock.now();
  }

  /** What is told of one way of a relay. @param relay its name in metrics, log and health: `sqs` */
  report(relay: string, direction: Direction): RelayReport {
    return new RelayReport({ ...this.needs, states: this.states }, relay, direction);
  }

  /** What makes jobs of the messages of a source. @param source its name in dead letters: `sqs road-jobs` */
  jobsIn(source: string): JobsIn {
    return new JobsIn(this.needs, source);
  }

  /** What knows how many jobs of each kind nobody was given yet. */
  undelivered(): UndeliveredJobs {
    return new UndeliveredJobs(this.needs.link, this.needs.numbers);
  }

  /**
   * What carries the results of each kind to another system, by a group of its own: the results of a first start on, and from
   * then on all, whichever replica is up.
   */
  resultsOut(relay: string, send: SendResults): ResultsOut[] {
    const { queues, link, worker: consumer } = this.needs;
    const report = this.report(relay, 'out');
    return queues.all.flatMap(({ kind, queue: { results: stream } }) => {
      if (stream === undefined) return [];
      const feed = new ResultsFeed(link, { stream, group: `relay-${relay}`, consumer, from: 'now' });
      return [new ResultsOut(kind, feed, send, report)];
    });
  }
}
