import { join } from 'node:path';

/** The checkout: two folders above `dist/demo`. */
export const ROOT = join(import.meta.dirname, '..', '..');

/** All that the demo writes; git does not see it. */
export const DEMO_FOLDER = join(ROOT, '.demo');

export const CLIPS = join(DEMO_FOLDER, 'clips');
export const ARTIFACTS = join(DEMO_FOLDER, 'artifacts');
