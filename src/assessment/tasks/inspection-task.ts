import { INSPECTION_FILES } from '../../artifacts/artifact-names.js';
import type { JobResult } from '../../job/handler.js';
import { isCompleted } from '../../queue/results/results-feed.js';
import type { NewJob } from '../../queue/job-producer.js';

/** Which finished inspections Gemini judges, too. */
export type AssessOn = 'damage' | 'always' | 'never';

/** A result comes again until it is done with, at the most for as long as results are kept: a day, if nobody changed it. ms */
const REMEMBER_MS = 48 * 3_600_000;

const LONGEST_NAME = 128;

/**
 * The assessment job that a finished inspection becomes: its damage picture is to be judged. Undefined when the policy
 * asks for none. `damage` means damage that may be taken as fact.
 */
export function inspectionTask(result: JobResult, on: AssessOn): NewJob | undefined {
  const { cctvId, jobId, enqueuedAt, artifacts } = result;
  if (cctvId === undefined || jobId === undefined || enqueuedAt === undefined || artifacts === undefined)
    return undefined;
  if (on === 'never' || !isCompleted(result) || (on === 'damage' && !foundDamage(result))) return undefined;
  const name = `${jobId}.picture`;
  return {
    lane: 'plain',
    once: `inspection:${cctvId}:${jobId}:${enqueuedAt}`,
    rememberMs: REMEMBER_MS,
    fields: {
      cctvId,
      segmentStart: enqueuedAt,
      image: `${artifacts}${INSPECTION_FILES.damageResult}`,
      inspection: factsOf(result),
      ...(name.length <= LONGEST_NAME ? { jobId: name } : {}),
    },
  };
}

/** What the question tells of the inspection, in a few words. */
function factsOf({ detections, damagedRoadShare, worstSeverity, damageVerdict, backgroundVerdict }: JobResult): string {
  const facts = { detections, damagedRoadShare, worstSeverity, damageVerdict, backgroundVerdict };
  const known = Object.entries(facts).filter(([, value]) => value !== undefined);
  return known.map(([name, value]) => `${name}: ${value}`).join(', ');
}

function foundDamage({ damageVerdict, detections }: JobResult): boolean {
  return damageVerdict === 'clear' && Number(detections) > 0;
}
