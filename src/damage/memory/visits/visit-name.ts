import { encodePart } from '../../../artifacts/artifact-names.js';
import type { Light } from '../../../background/background.js';
import type { Visit } from './visit.js';

/** Visits that are kept side by side: those of one group push out each other only. */
export type VisitGroup = Light | `${Light}-unclear`;

/** Below the prefix of all artifacts. No camera's folder is called so: `@` is encoded in its name. */
const FOLDER = '@visits';

/** The group that a visit belongs to. */
export function groupOf({ light, judged }: Pick<Visit, 'light' | 'judged'>): VisitGroup {
  return judged ? light : `${light}-unclear`;
}

/** The name of a visit among those of its camera. */
export function visitName(group: VisitGroup, id: string): string {
  return `${group}:${id}`;
}

/** The id within a name that {@link visitName} gave: its job's `visitId`. */
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
