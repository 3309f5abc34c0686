import { join } from 'node:path';
import { ROOT } from '../demo/places.js';
import type { ProcessSet } from '../demo/processes.js';

/** All that the stack writes, but for what the settings place elsewhere; git does not see it. */
export const STACK_FOLDER = join(ROOT, '.stack');

/** Says what runs where, once all of it does: for `check:load` and `doctor --stack`. */
export const STACK_FILE = join(STACK_FOLDER, 'stack.json');

/** How the last rolling restart went. */
export const ROLL_FILE = join(STACK_FOLDER, 'roll.json');

/** Rules and receivers of the alerts. */
export const OPS = join(ROOT, 'ops');

/** How long `npm run stop` waits for the leader, in tenths of a second: scripts/stop.sh reads it. */
export const PATIENCE_FILE = join(STACK_FOLDER, 'patience');

/** What all of a stop's grace leaves for the rest of an end, ms. */
const BESIDE_GRACE_MS = 10_000;

/** The stack's processes. @param graceMs how long a worker may take to end its jobs */
export function stackSet(graceMs = 0): ProcessSet {
  return { folder: STACK_FOLDER, leader: 'stack', patienceMs: graceMs + BESIDE_GRACE_MS };
}
