import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { artifactFolder, INSPECTION_FILES } from '../../src/artifacts/artifact-names.js';
import type { StoredArtifact } from '../../src/artifacts/artifact-store.js';

/** What keeps a job's artifact set from being complete: no seal, or a file that is not the one it lists. */
export async function flawOf(root: string, job: { jobId: string; entry: string }): Promise<string | undefined> {
  const name = { jobId: job.jobId, cctvId: 'chaos', enqueuedAt: Number.parseInt(job.entry, 10) };
  const seal = join(root, artifactFolder('', name), INSPECTION_FILES.processMeta);
  try {
    const { artifacts } = JSON.parse(await readFile(seal, 'utf8')) as { artifacts: StoredArtifact[] };
    if (artifacts.length !== Object.keys(INSPECTION_FILES).length - 1) return `${job.jobId}: the seal lists too little`;
    const wrong = await Promise.all(artifacts.map((artifact) => isWrong(root, artifact)));
    return wrong.includes(true) ? `${job.jobId}: a file is not the one that the seal lists` : undefined;
  } catch (error) {
    return `${job.jobId}: ${String(error)}`;
  }
}

async function isWrong(root: string, { name, md5 }: StoredArtifact): Promise<boolean> {
  const content = await readFile(join(root, name));
  return createHash('md5').update(content).digest('hex') !== md5;
}
