import { INSPECTION_FILES } from '../artifacts/artifact-names.js';
import type { Cameras } from '../cameras/camera.js';
import type { Config } from '../config/config.js';
import type { JobIntake } from '../job/intake.js';
import { refuseUncalled } from '../job/webhook.js';
import type { Clock } from '../lib/clock.js';
import { parseInspectionJob, type InspectionJob } from './inspection-job.js';

/** How inspections are taken from clients. `hls` may be left out for a camera of the cameras file. */
export function inspectionIntake(
  { capture, queue, webhooks }: Config,
  { cameras, clock }: { cameras: Cameras; clock: Clock },
): JobIntake {
  return {
    fields: ['cctvId', 'hls', 'sec', 'webhook'],
    files: Object.values(INSPECTION_FILES),
    complete: (fields) => {
      refuseUncalled(fields, webhooks.isOn);
      const hls = cameras.get(fields['cctvId'] ?? '')?.hls;
      return 'hls' in fields || hls === undefined ? fields : { ...fields, hls };
    },
    parse: (payload, entryId) =>
      parseInspectionJob(payload, { entryId, maxSeconds: capture.maxSeconds, zone: queue.timeZone, clock }),
    urlOf: (job) => (job as InspectionJob).hls,
  };
}
