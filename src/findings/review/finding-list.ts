import type { Cameras } from '../../cameras/camera.js';
import type { DamageClass, Severity } from '../../damage/damage-detector.js';
import { InvalidJobError } from '../../job/errors.js';
import type { KnownFindings } from '../book/known-findings.js';
import { lastDay, type BookCounts } from '../book/finding-book.js';
import { indexEntryOf, memberOf, type IndexEntry } from '../book/value.js';
import { FINDING_STATES, type FindingState, type StoredFinding } from '../finding.js';

/** Which findings; what is left out does not matter. */
export interface FindingFilter {
  readonly state?: readonly FindingState[] | undefined;
  readonly cctvId?: string | undefined;
  readonly class?: DamageClass | undefined;
  readonly severity?: Severity | undefined;
  readonly road?: string | undefined;
  readonly tag?: string | undefined;
}

/** A page of findings. */
export interface FindingPage {
  readonly items: StoredFinding[];
  /** The cursor of the next page; null behind the last one. */
  readonly next: string | null;
}

/** What all findings come to. */
export interface FindingCounts {
  toReview: number;
  byState: Record<FindingState, number>;
  /** Of what is to be looked at. */
  bySeverity: Record<Severity, number>;
  detectors: { name: string; version: string; accepted: number; rejected: number; precision: number | null }[];
  newSince24h: number;
  grownSince24h: number;
  goneSince24h: number;
}

/** Entries of the index that are read at once. */
const STRIDE = 1_000;
/** Entries that one call looks at: more than 500 cameras with 100 findings each. */
const MOST_SCANNED = 50_000;
/** Findings that are read at once. */
const READ_AT_ONCE = 200;
/** Detector versions that are told, those with the most reviews. */
const MOST_DETECTORS = 50;

/** Lists of findings, made of the index: only those that are shown are read. */
export class FindingList {
  constructor(
    private readonly known: KnownFindings,
    private readonly cameras: Cameras,
  ) {}

  /** What is to be looked at first, the worst of it first, then the oldest. @throws InvalidJobError BAD_CURSOR */
  async page(filter: FindingFilter, limit: number, cursor?: string): Promise<FindingPage> {
    const found: IndexEntry[] = [];
    let last: string | undefined;
    for await (const entry of this.matching(filter, cursor === undefined ? undefined : memberIn(cursor))) {
      if (found.length === limit) return { items: await this.known.book.read(found), next: toCursor(last ?? '') };
      if (entry.id !== '') found.push(entry);
      last = entry.member;
      if (entry.id === '') return { items: await this.known.book.read(found), next: toCursor(last) };
    }
    return { items: await this.known.book.read(found), next: null };
  }

  /** All that match, `most` at most, a few in memory at a time. */
  async *all(filter: FindingFilter, most: number): AsyncGenerator<StoredFinding> {
    let some: IndexEntry[] = [];
    let left = most;
    for await (const entry of this.matching(filter)) {
      if (entry.id === '' || left === 0) break;
      some.push(entry);
      left -= 1;
      if (some.length < READ_AT_ONCE) continue;
      yield* await this.known.book.read(some);
      some = [];
    }
    yield* await this.known.book.read(some);
  }

  /** How many match, as far as `most`, and which. */
  async named(filter: FindingFilter, most: number): Promise<IndexEntry[]> {
    const found: IndexEntry[] = [];
    for await (const entry of this.matching(filter)) {
      if (entry.id === '' || found.length > most) break;
      found.push(entry);
    }
    return found;
  }

  async counts(now = Date.now()): Promise<FindingCounts> {
    return countsIn(await this.known.book.counts(), now);
  }

  /** An entry without an id comes last where it stopped before the end. */
  private async *matching(filter: FindingFilter, after?: string): AsyncGenerator<IndexEntry> {
    if (filter.cctvId !== undefined) {
      yield* this.ofCamera(filter.cctvId, filter, after);
      return;
    }
    let from = after;
    for (let scanned = 0; scanned < MOST_SCANNED; scanned += STRIDE) {
      const entries = await this.known.book.index(from, STRIDE);
      for (const entry of entries) if (this.matches(entry, filter)) yield entry;
      from = entries.at(-1)?.member;
      if (from === undefined || entries.length < STRIDE) return;
    }
    yield { ...indexEntryOf(from ?? ''), id: '' };
  }

  /** Reads the camera's book, which also brings back what Redis has lost of it. */
  private async *ofCamera(cctvId: string, filter: FindingFilter, after = ''): AsyncGenerator<IndexEntry> {
    const { entries } = await this.known.of(cctvId);
    const members = [...entries.values()].map(({ finding }) => memberOf(finding)).sort();
    for (const member of members) {
      const entry = indexEntryOf(member);
      if (member > after && this.matches(entry, filter)) yield entry;
    }
  }

  private matches(entry: IndexEntry, { state, severity, road, tag, class: kind }: FindingFilter): boolean {
    if (state !== undefined && !state.includes(entry.state as FindingState)) return false;
    if (severity !== undefined && entry.severity !== severity) return false;
    if (kind !== undefined && entry.class !== kind) return false;
    if (road === undefined && tag === undefined) return true;
    const camera = this.cameras.get(entry.cctvId);
    return (road === undefined || camera?.road === road) && (tag === undefined || camera?.tags.includes(tag) === true);
  }
}

function countsIn(counts: BookCounts, now: number): FindingCounts {
  const of = (name: string) => counts.get(name) ?? 0;
  const states = FINDING_STATES.map((state) => [state, of(`state:${state}`)] as const);
  const severities = (['high', 'medium', 'low'] as const).map((name) => [name, of(`severity:${name}`)] as const);
  return {
    toReview: of('toReview'),
    byState: Object.fromEntries(states) as FindingCounts['byState'],
    bySeverity: Object.fromEntries(severities) as FindingCounts['bySeverity'],
    detectors: detectorsIn(counts),
    newSince24h: lastDay(counts, 'new', now),
    grownSince24h: lastDay(counts, 'grown', now),
    goneSince24h: lastDay(counts, 'gone', now),
  };
}

function detectorsIn(counts: BookCounts): FindingCounts['detectors'] {
  const names = new Set([...counts.keys()].flatMap((name) => /^(?:accepted|rejected):(.*)$/.exec(name)?.[1] ?? []));
  return [...names]
    .map((detector) => {
      const [name = '', version = ''] = detector.split('/').map(decodeURIComponent);
      const [accepted, rejected] = [counts.get(`accepted:${detector}`) ?? 0, counts.get(`rejected:${detector}`) ?? 0];
      return { name, version, accepted, rejected, precision: accepted / (accepted + rejected) };
    })
    .sort((a, b) => b.accepted + b.rejected - a.accepted - a.rejected)
    .slice(0, MOST_DETECTORS);
}

function toCursor(member: string): string {
  return Buffer.from(member).toString('base64url');
}

function memberIn(cursor: string): string {
  const member = Buffer.from(cursor, 'base64url').toString('latin1');
  if (/^\d{18}(?:\|[\w.-]*){5}$/.test(member)) return member;
  const sentence = 'cursor must be the `next` of an earlier page with the same filters.';
  throw new InvalidJobError('BAD_CURSOR', sentence, { field: 'cursor' });
}
