import type { Metrics } from '../../metrics/metrics.js';
import type { StoredFinding } from '../finding.js';
import type { ReviewEvents } from './finding-desk.js';

/** Versions of detectors that have labels of their own; further ones are counted as `other`. */
const MOST_LABELS = 20;

/** Counts reviews for those who watch the precision of detectors. */
export class CountedReviews implements ReviewEvents {
  private readonly known = new Set<string>();

  constructor(private readonly metrics: Pick<Metrics, 'reviews'>) {}

  reviewed({ detector }: Pick<StoredFinding, 'detector'>, decision: string): void {
    const key = JSON.stringify([detector.name, detector.version]);
    const isNamed = this.known.has(key) || this.known.size < MOST_LABELS;
    if (isNamed) this.known.add(key);
    const { name, version } = isNamed ? detector : { name: 'other', version: 'other' };
    this.metrics.reviews.inc({ detector: name, version, decision });
  }
}
