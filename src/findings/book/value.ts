import { isToReview, rankOf, type StoredFinding } from '../finding.js';

/** A finding, and how often it was written. */
export interface BookEntry {
  readonly revision: number;
  readonly finding: StoredFinding;
}

/** What the index of all findings knows of each, so that a list reads only those that it shows. */
export interface IndexEntry {
  readonly member: string;
  readonly state: string;
  readonly class: string;
  readonly severity: string;
  readonly cctvId: string;
  readonly id: string;
}

/** Digits of the latest time that a date can have. */
const DIGITS = 16;
const WORST = 2;

/** Sorts as a list does: what is to be looked at first, the worst of it first, then the oldest. */
export function memberOf(finding: StoredFinding): string {
  const { state, class: kind, severity, cctvId, id } = finding;
  const order = `${isToReview(finding) ? 0 : 1}${WORST - rankOf(severity)}`;
  const since = String(Math.max(0, Date.parse(finding.since))).padStart(DIGITS, '0');
  return [order + since, state, kind, severity, cctvId, id].join('|');
}

/** What a member of the index says. */
export function indexEntryOf(member: string): IndexEntry {
  const [, state = '', kind = '', severity = '', cctvId = '', id = ''] = member.split('|');
  return { member, state, class: kind, severity, cctvId, id };
}

/** The names under which a finding is counted. */
function countsOf(finding: StoredFinding): string[] {
  const { state, severity, detector, missed } = finding;
  const isJudged = !missed && (state === 'accepted' || state === 'rejected' || state === 'repaired');
  const by = `${state === 'rejected' ? 'rejected' : 'accepted'}:${[detector.name, detector.version].map(encodeURIComponent).join('/')}`;
  return [
    `state:${state}`,
    ...(isToReview(finding) ? ['toReview', `severity:${severity}`] : []),
    ...(isJudged ? [by] : []),
  ];
}

/** As the script `put_findings` takes it. */
export function toValue({ revision, finding }: BookEntry): string {
  return [revision, memberOf(finding), countsOf(finding).join(' '), JSON.stringify(finding)].join('\n');
}

/** Undefined for what is none. */
export function fromValue(value: string): BookEntry | undefined {
  const [, revision, json] = /^(\d+)\n[^\n]*\n[^\n]*\n([^]*)$/.exec(value) ?? [];
  if (json === undefined) return undefined;
  return { revision: Number(revision), finding: JSON.parse(json) as StoredFinding };
}
