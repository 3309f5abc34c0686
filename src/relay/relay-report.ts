import { describeError } from '../job/errors.js';
import { redactText } from '../lib/redact.js';
import type { Log } from '../log/log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { Direction, RelayState, RelayStates } from './relay-states.js';

/** Where relays are told of. */
export interface ReportNeeds {
  readonly log: Log;
  readonly metrics: Metrics;
  readonly states: RelayStates;
}

/** What became of messages: as the metric has it. */
export type RelayResult = 'added' | 'known' | 'sent' | 'refused' | 'failed';

/** What is told of one way of a relay: metrics, the health line, and one line of log when trouble begins and when it ends. */
export class RelayReport {
  private readonly state: RelayState;
  private readonly labels: { relay: string; direction: Direction };
  private readonly troubled = new Set<string>();

  constructor(
    private readonly needs: ReportNeeds,
    relay: string,
    direction: Direction,
  ) {
    this.labels = { relay, direction };
    this.state = needs.states.add(relay, direction);
    needs.metrics.relayWorks.set(this.labels, 1);
    this.age(0);
  }

  count(result: RelayResult, count = 1): void {
    if (count > 0) this.needs.metrics.relayMessages.inc({ ...this.labels, result }, count);
  }

  /** How old what was carried was by then. @param ms 0 when there was nothing to carry */
  age(ms: number): void {
    this.needs.metrics.relayDelay.set(this.labels, Math.max(0, ms) / 1_000);
  }

  /** It does its work. @param part of it, where several share this */
  works(part = ''): void {
    const { state } = this;
    this.troubled.delete(part);
    if (state.since === undefined || this.troubled.size > 0) return;
    const seconds = Math.round((Date.now() - state.since) / 1_000);
    state.since = state.trouble = undefined;
    this.needs.metrics.relayWorks.set(this.labels, 1);
    this.needs.log.info({ ...this.labels, seconds }, `can ${this.what} again, after ${seconds} s`);
  }

  /** Something keeps it from its work. The log tells it once, until all of it works again; the health line the last reason. */
  fails(error: unknown, part = ''): void {
    const { state } = this;
    this.troubled.add(part);
    const { code, message } = describeError(error);
    const isNews = state.since === undefined;
    state.since ??= Date.now();
    state.trouble = redactText(message);
    if (!isNews) return;
    this.needs.metrics.relayWorks.set(this.labels, 0);
    this.needs.log.warn({ ...this.labels, code }, `cannot ${this.what}; nothing is lost, trying on. ${state.trouble}`);
  }

  /** Tells of a message that the other side will never take. */
  refused(id: string, why: string): void {
    this.count('refused');
    this.needs.log.error({ ...this.labels, id }, `a message was given up: ${redactText(why)}`);
  }

  private get what(): string {
    const { relay, direction } = this.labels;
    return direction === 'in' ? `take jobs from ${relay}` : `send results to ${relay}`;
  }
}
