import { createHash } from 'node:crypto';
import { encodePart } from '../../../artifacts/artifact-names.js';
import type { Light } from '../../../background/background.js';
import type { Visit, VisitingJob } from './visit.js';

/** Visits that are kept side by side: those of one group push out each other only. */
export type VisitGroup = Light | `${Light}-unclear`;

/** Digits of the latest time that a job can name, in the year 9999. */
const DIGITS = 15;

/** Hexadecimal digits of a job's hash: enough to tell apart the jobs that one camera has in one millisecond. */
const HASH = 16;

/** Below the prefix of all artifacts. No camera's folder is called so: `@` is encoded in its name. */
const FOLDER = '@visits';

/**
 * When and for which job a visit was, in words that sort by time. The same however often the job is delivered, and
 * of one length, however long the job's name is.
 */
export function visitId({ jobId, enqueuedAt }: Pick<VisitingJob, 'jobId' | 'enqueuedAt'>): string {
  const hash = createHash('sha256').update(jobId).digest('hex').slice(0, HASH);
  return `${String(enqueuedAt).padStart(DIGITS, '0')}-${hash}`;
}

/** The group that a visit belongs to. */
export function groupOf({ light, judged }: Pick<Visit, 'light' | 'judged'>): VisitGroup {
  return judged ? light : `${light}-unclear`;
}

/** The name of a visit among those of its camera. */
export function visitName(group: VisitGroup, id: string): string {
  return `${group}:${id}`;
}

/** The id within a name that {@link visitName} gave. */
export function idIn(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/**
 * The artifact that holds a visit.
 * @param prefix in front of every artifact's name
 * @param cctvId of its camera
 * @param name as {@link visitName} gives it
 */
export function visitArtifact(prefix: string, cctvId: string, name: string): string {
  return `${prefix}${FOLDER}/${encodePart(cctvId)}/${name.replace(':', '-')}`;
}
