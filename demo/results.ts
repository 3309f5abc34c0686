import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { artifactFolder, INSPECTION_FILES, type NamedJob } from '../src/artifacts/artifact-names.js';
import { ARTIFACTS } from './places.js';

/** The default of SWIFT_UPLOAD_PREFIX, which names folders below ARTIFACTS_DIR too. */
const PREFIX = 'preprocess/';

/** Where a job's five artifacts lie. */
export function folderOf(job: NamedJob): string {
  return join(ARTIFACTS, artifactFolder(PREFIX, job));
}

/** What is wrong with a job's artifacts, one sentence each; nothing when all five are there and can be read. */
export function faultsOf(job: NamedJob): string[] {
  return Object.values(INSPECTION_FILES).flatMap((name) => faultOf(join(folderOf(job), name)) ?? []);
}

function faultOf(file: string): string | undefined {
  if (!existsSync(file)) return `${file} is missing.`;
  if (statSync(file).size === 0) return `${file} is empty.`;
  if (!file.endsWith('.json')) return undefined;
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return undefined;
  } catch {
    return `${file} is not JSON.`;
  }
}

/** What was found, in a few words. */
export function foundBy(job: NamedJob): string {
  const file = join(folderOf(job), INSPECTION_FILES.damageAnalysis);
  const { detections } = JSON.parse(readFileSync(file, 'utf8')) as { detections?: { class?: string }[] };
  const counts = new Map<string, number>();
  for (const { class: kind = 'damage' } of detections ?? []) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} × ${kind}`).join(', ') || 'no damage found';
}
