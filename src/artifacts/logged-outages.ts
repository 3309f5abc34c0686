import { redactText } from '../lib/redact.js';
import type { Log } from '../log/log.js';
import type { Metrics } from '../metrics/metrics.js';
import type { OutageEvents } from './outage-watch.js';

/** The store's outages as log lines and metrics: one line when one begins and one when it ends. */
export class LoggedOutages implements OutageEvents {
  constructor(
    private readonly log: Log,
    private readonly metrics: Pick<Metrics, 'storeUp' | 'storeOutages'>,
  ) {
    metrics.storeUp.set(1);
    // An alert on its growth needs to have seen it at 0.
    metrics.storeOutages.inc(0);
  }

  lost(why: string): void {
    this.metrics.storeUp.set(0);
    this.metrics.storeOutages.inc();
    this.log.error({ reason: redactText(why) }, 'artifacts cannot be stored; jobs wait without using an attempt');
  }

  back(afterMs: number): void {
    this.metrics.storeUp.set(1);
    this.log.info({ afterMs }, 'artifacts can be stored again; going on');
  }
}
