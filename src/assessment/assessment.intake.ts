import { ASSESSMENT_FILE } from '../artifacts/artifact-names.js';
import type { Config } from '../config/config.js';
import type { JobIntake } from '../job/intake.js';
import { refuseUncalled } from '../job/webhook.js';
import type { Clock } from '../lib/clock.js';
import { parseAssessmentJob, type AssessmentJob } from './assessment-job.js';

/** How assessments are taken from clients. */
export function assessmentIntake({ queue, webhooks }: Config, { clock }: { clock: Clock }): JobIntake {
  return {
    fields: ['cctvId', 'segmentStart', 'segmentEnd', 'video', 'image', 'webhook'],
    files: [ASSESSMENT_FILE],
    complete: (fields) => {
      refuseUncalled(fields, webhooks.isOn);
      return fields;
    },
    parse: (payload, entryId) => parseAssessmentJob(payload, { entryId, zone: queue.timeZone, clock }),
    urlOf: (job) => {
      const { subject } = job as AssessmentJob;
      return subject.kind === 'video' && subject.from === 'url' ? subject.url : undefined;
    },
  };
}
