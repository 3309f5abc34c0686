import { INCIDENT_KINDS, ROAD_CONDITIONS, SEVERITIES } from './words.js';

const text = (description: string) => ({ type: 'string', description });
const number = (minimum: number, maximum: number, description: string) => ({
  ...{ type: 'number', minimum, maximum, description },
});
const oneOf = (values: readonly string[]) => ({ type: 'string', format: 'enum', enum: [...values] });

const INCIDENT = {
  kind: oneOf(INCIDENT_KINDS),
  severity: oneOf(SEVERITIES),
  description: text('One sentence'),
  confidence: number(0, 1, '0 a guess, 1 certain'),
};

/**
 * The shape of an answer, in the subset of OpenAPI that Gemini takes as `responseSchema`.
 * @param seconds the length of the video; undefined for a picture, whose incidents have no time
 */
export function answerSchema(seconds: number | undefined): object {
  const incident = seconds === undefined ? INCIDENT : { ...timesWithin(seconds), ...INCIDENT };
  return record({
    safetyScore: { type: 'integer', minimum: 0, maximum: 100, description: '0 dangerous, 100 safe' },
    summary: text('Two or three sentences'),
    roadCondition: oneOf(ROAD_CONDITIONS),
    incidents: { type: 'array', items: record(incident) },
  });
}

function timesWithin(seconds: number): Record<string, object> {
  return {
    start: number(0, seconds, 'Seconds from the beginning of the video'),
    end: number(0, seconds, 'Seconds from the beginning of the video'),
  };
}

/** Every property is wanted, in the order it stands here. */
function record(properties: Record<string, object>): object {
  const names = Object.keys(properties);
  return { type: 'object', properties, required: names, propertyOrdering: names };
}
