import { encodePart } from '../../artifacts/artifact-names.js';
import type { ArtifactStore } from '../../artifacts/artifact-store.js';
import { JobError } from '../../job/errors.js';
import { FINDING_STATES, MOST_FINDINGS, type StoredFinding } from '../finding.js';

/** Below the prefix of all artifacts. No camera's folder is called so: `@` is encoded in its name. */
const FOLDER = '@reviews';
const FILE = 'reviews.json';
/** A hundred findings with twenty reviews of the longest notes each stay below. */
const MOST_BYTES = 8 * 1024 * 1024;
const FORM = 1;

/** What people said of a camera's findings, as an artifact beside Redis: human work outlives a lost Redis. */
export class ReviewsFile {
  /** @param prefix in front of every artifact's name */
  constructor(
    private readonly store: ArtifactStore,
    private readonly prefix: string,
  ) {}

  /** Rewrites a camera's file whole. @throws as `ArtifactStore.put` */
  async write(cctvId: string, findings: readonly StoredFinding[], signal: AbortSignal): Promise<void> {
    const text = { form: FORM, cctvId, writtenAt: new Date().toISOString(), findings };
    const bytes = Buffer.from(`${JSON.stringify(text)}\n`);
    const artifact = { contentType: 'application/json', source: () => bytes, isLasting: true };
    await this.store.put(this.nameOf(cctvId), artifact, signal);
  }

  /** None when there is no file. What is no finding is left out. @throws as `ArtifactStore.read` */
  async read(cctvId: string, signal: AbortSignal): Promise<StoredFinding[]> {
    try {
      return findingsIn(await this.store.read(this.nameOf(cctvId), MOST_BYTES, signal), cctvId);
    } catch (error) {
      if (error instanceof JobError && error.code === 'STORAGE_NOT_FOUND') return [];
      throw error;
    }
  }

  private nameOf(cctvId: string): string {
    return `${this.prefix}${FOLDER}/${encodePart(cctvId)}/${FILE}`;
  }
}

/** What a person said something of belongs into the file. */
export function isReviewed({ history }: StoredFinding): boolean {
  return history.length > 0;
}

function findingsIn(bytes: Buffer, cctvId: string): StoredFinding[] {
  const { form, findings } = parsed(bytes);
  if (form !== FORM || !Array.isArray(findings)) return [];
  return (findings as Partial<StoredFinding>[])
    .filter((finding) => isWhole(finding) && finding.cctvId === cctvId)
    .slice(0, MOST_FINDINGS) as StoredFinding[];
}

function parsed(bytes: Buffer): { form?: unknown; findings?: unknown } {
  try {
    return (JSON.parse(bytes.toString()) ?? {}) as object;
  } catch {
    return {};
  }
}

function isWhole(finding: Partial<StoredFinding> | null): finding is StoredFinding {
  const { id, state, box, history, since, severity, detector, extent } = finding ?? {};
  const texts = [since, severity, detector?.name, detector?.version].every((text) => typeof text === 'string');
  const numbers = [box?.x, box?.y, box?.width, box?.height].every(Number.isFinite);
  const isNamed = typeof id === 'string' && /^[0-9a-f]{1,64}$/.test(id);
  return (
    isNamed &&
    texts &&
    numbers &&
    extent !== undefined &&
    Array.isArray(history) &&
    FINDING_STATES.includes(state as never)
  );
}
