import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readAssessment, worstSeverity } from './assessment.js';
import { INCIDENT_KINDS, ROAD_CONDITIONS, SEVERITIES } from './words.js';

const INCIDENT = {
  ...{ start: 10, end: 20, kind: 'debris', severity: 'high', description: 'A tyre on the lane.', confidence: 0.8 },
};
const ANSWER = { safetyScore: 55, summary: 'Wet.', roadCondition: 'wet', incidents: [INCIDENT] };

const incidentsOf = (...incidents: unknown[]) => readAssessment({ ...ANSWER, incidents }, 60).incidents;

describe('an answer of Gemini', () => {
  it('is taken as it is when it is right', () => expect(readAssessment(ANSWER, 60)).toEqual(ANSWER));

  it.each([
    null,
    'text',
    [],
    {},
    { ...ANSWER, safetyScore: 101 },
    { ...ANSWER, safetyScore: -1 },
    { ...ANSWER, safetyScore: NaN },
    { ...ANSWER, safetyScore: '55' },
    { ...ANSWER, summary: '' },
    { ...ANSWER, summary: '\u200b\n ' },
    { ...ANSWER, summary: 7 },
    { ...ANSWER, incidents: undefined },
    { ...ANSWER, incidents: { 0: INCIDENT } },
  ])('is asked for again when it is %j', (answer) => {
    expect(() => readAssessment(answer, 60)).toThrow(
      expect.objectContaining({ kind: 'transient', code: 'GEMINI_BAD_ANSWER', step: 'judge' }),
    );
  });

  it.each([
    [50, 90, 50, 60],
    [-5, 5, 0, 5],
    [20, 10, 10, 20],
    [12, 12, 12, 12],
    [60, 60, 60, 60],
    [12, undefined, 12, 12],
  ])('has its incidents brought into the segment: %p to %p', (start, end, first, last) => {
    expect(incidentsOf({ ...INCIDENT, start, end })).toEqual([{ ...INCIDENT, start: first, end: last }]);
  });

  it.each([
    { ...INCIDENT, start: 61, end: 70 },
    { ...INCIDENT, start: -9, end: -1 },
    { ...INCIDENT, start: '1', end: 2 },
    { ...INCIDENT, start: Infinity },
    { ...INCIDENT, description: ' ' },
    'an accident',
    null,
  ])('leaves out an incident without a place in the segment or without words: %j', (incident) => {
    expect(incidentsOf(incident, INCIDENT)).toEqual([INCIDENT]);
  });

  it('has words of ours for what it invented', () => {
    const invented = { ...INCIDENT, kind: 'alien', severity: 'extreme', confidence: 7 };
    expect(incidentsOf(invented)).toEqual([{ ...INCIDENT, kind: 'other', severity: 'medium', confidence: 1 }]);
    expect(readAssessment({ ...ANSWER, roadCondition: 'sticky' }, 60).roadCondition).toBe('unknown');
  });

  it('keeps no time for the incidents of a picture', () => {
    expect(readAssessment(ANSWER, 0).incidents).toEqual([{ ...INCIDENT, start: 0, end: 0 }]);
  });

  it('tells how bad the worst is', () => {
    const with_ = (...severities: string[]) =>
      worstSeverity(
        readAssessment({ ...ANSWER, incidents: severities.map((severity) => ({ ...INCIDENT, severity })) }, 60),
      );
    expect([with_(), with_('low'), with_('low', 'high', 'medium')]).toEqual(['none', 'low', 'high']);
  });

  it('keeps its promises whatever was answered', () => {
    const loose = fc.oneof(fc.double(), fc.string(), fc.anything());
    const incident = fc.record(
      {
        start: loose,
        end: loose,
        kind: loose,
        severity: loose,
        description: fc.string({ unit: 'binary' }),
        confidence: loose,
      },
      { requiredKeys: [] },
    );
    const answer = fc.record({
      safetyScore: fc.double({ min: 0, max: 100, noNaN: true }),
      summary: fc.string({ unit: 'binary', maxLength: 5000 }).map((text) => `x${text}`),
      roadCondition: loose,
      incidents: fc.array(fc.oneof(incident, fc.anything()), { maxLength: 150 }),
    });
    fc.assert(
      fc.property(answer, fc.integer({ min: 0, max: 3600 }), (value, seconds) => {
        const { safetyScore, summary, roadCondition, incidents } = readAssessment(value, seconds);
        expect(Number.isInteger(safetyScore)).toBe(true);
        expect(summary.length).toBeLessThanOrEqual(2000);
        expect(ROAD_CONDITIONS).toContain(roadCondition);
        expect(incidents.length).toBeLessThanOrEqual(100);
        for (const { start, end, kind, severity, description, confidence } of incidents) {
          expect(0 <= start && start <= end && end <= seconds && 0 <= confidence && confidence <= 1).toBe(true);
          expect(INCIDENT_KINDS).toContain(kind);
          expect(SEVERITIES).toContain(severity);
          expect(description).not.toMatch(/^$|[\p{Cc}\p{Cf}]/u);
        }
        expect([...incidents].sort((a, b) => a.start - b.start)).toEqual(incidents);
      }),
    );
  });
});
