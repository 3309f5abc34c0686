import { TransientStepError } from '../job/errors.js';
import {
  INCIDENT_KINDS,
  ROAD_CONDITIONS,
  SEVERITIES,
  type IncidentKind,
  type RoadCondition,
  type IncidentSeverity,
} from './words.js';

/** What Gemini made of a segment or a picture, checked. */
export interface Assessment {
  /** Whole, 0 (dangerous) .. 100 (safe). */
  readonly safetyScore: number;
  readonly summary: string;
  readonly roadCondition: RoadCondition;
  /** By their start. */
  readonly incidents: readonly Incident[];
}

/** Something that somebody should know of. */
export interface Incident {
  /** Seconds in the segment; start and end are the same for a moment, and 0 for a picture. */
  readonly start: number;
  readonly end: number;
  readonly kind: IncidentKind;
  readonly severity: IncidentSeverity;
  readonly description: string;
  /** 0..1 */
  readonly confidence: number;
}

const LONGEST_SUMMARY = 2000;
const LONGEST_DESCRIPTION = 500;
const MOST_INCIDENTS = 100;

/**
 * Reads an answer. What only embellishes it is put right: times are brought into the segment and into order, incidents
 * outside of it or without words are left out, unknown kinds are `other`, texts are cut.
 *
 * @param seconds the segment's length; 0 for a picture
 * @throws TransientStepError GEMINI_BAD_ANSWER when the score, the summary or the list of incidents is missing or wrong
 */
export function readAssessment(answer: unknown, seconds: number): Assessment {
  const { safetyScore, summary, roadCondition, incidents } = recordOf(answer) ?? bad('it is no record');
  if (typeof safetyScore !== 'number' || !(safetyScore >= 0 && safetyScore <= 100)) {
    return bad('its safety score is not from 0 to 100');
  }
  if (!Array.isArray(incidents)) return bad('it has no list of incidents');
  return {
    safetyScore: Math.round(safetyScore),
    summary: plainText(summary, LONGEST_SUMMARY) || bad('it has no summary'),
    roadCondition: oneOf(ROAD_CONDITIONS, roadCondition) ?? 'unknown',
    incidents: readIncidents(incidents, seconds),
  };
}

/** The worst severity among incidents; `none` without any. */
export function worstSeverity({ incidents }: Assessment): IncidentSeverity | 'none' {
  const found = new Set(incidents.map(({ severity }) => severity));
  return SEVERITIES.findLast((severity) => found.has(severity)) ?? 'none';
}

function readIncidents(list: readonly unknown[], seconds: number): Incident[] {
  const incidents = list.flatMap((item) => readIncident(recordOf(item) ?? {}, seconds));
  return incidents.sort((a, b) => a.start - b.start || a.end - b.end).slice(0, MOST_INCIDENTS);
}

function readIncident(item: Record<string, unknown>, seconds: number): Incident[] {
  const time = readTime(item['start'], item['end'], seconds);
  const description = plainText(item['description'], LONGEST_DESCRIPTION);
  if (time === undefined || description === '') return [];
  return [
    {
      ...time,
      kind: oneOf(INCIDENT_KINDS, item['kind']) ?? 'other',
      // Neither an alarm nor a reason to look away.
      severity: oneOf(SEVERITIES, item['severity']) ?? 'medium',
      description,
      confidence: clamp(finite(item['confidence']) ?? 0, 1),
    },
  ];
}

/** Undefined when all of it lies outside of the segment, or when it has no time. */
function readTime(start: unknown, end: unknown, seconds: number): { start: number; end: number } | undefined {
  if (seconds === 0) return { start: 0, end: 0 };
  const [a, b] = [finite(start), finite(end) ?? finite(start)];
  if (a === undefined || b === undefined) return undefined;
  const [first, last] = [Math.min(a, b), Math.max(a, b)];
  if (last < 0 || first > seconds) return undefined;
  return { start: clamp(first, seconds), end: clamp(last, seconds) };
}

function bad(why: string): never {
  const message = `Gemini's answer cannot be used: ${why}. It is asked again.`;
  throw new TransientStepError('GEMINI_BAD_ANSWER', message, { step: 'judge' });
}

function recordOf(value: unknown): Record<string, unknown> | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Record<string, unknown>) : undefined;
}

function oneOf<T extends string>(words: readonly T[], value: unknown): T | undefined {
  return words.find((word) => word === value);
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** Control characters, and what turns text around or hides in it. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** One line of text without what is not text, and not longer than `most` characters. */
function plainText(value: unknown, most: number): string {
  if (typeof value !== 'string') return '';
  const text = value.replace(UNPRINTABLE, ' ').replaceAll(/ {2,}/g, ' ').trim();
  // Not through the middle of a character.
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
