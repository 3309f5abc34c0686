import { INSPECTION_FILES } from '../artifacts/artifact-names.js';
import type { ArtifactStore } from '../artifacts/artifact-store.js';
import { JobError } from '../job/errors.js';
import type { CameraLooks } from '../ledger/looks/camera-looks.js';

/** One mark on a visit's picture. */
export interface VisitMark {
  /** What kind of damage. */
  readonly class: string;
  /** Shares of the picture's width and height. */
  readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly severity: string;
  /** 0..1 */
  readonly confidence: number;
  /** Whether an alarm may be raised on it, or people should look first. */
  readonly status: string | null;
}

/** An analysis with more marks marks noise. bytes */
const MOST_BYTES = 1024 * 1024;
const MOST_MARKS = 200;

/** What each visit of a camera marked, as its job stored it. */
export class VisitMarks {
  constructor(
    private readonly looks: CameraLooks,
    private readonly store: ArtifactStore,
  ) {}

  /**
   * At most 200 of them; undefined when the files of the visit's job are gone, or are too large to be told.
   * @throws as `ArtifactStore.read`
   */
  async read(cctvId: string, visit: string, signal: AbortSignal): Promise<VisitMark[] | undefined> {
    const look = await this.looks.one(cctvId, visit);
    const folder = look?.artifacts ?? undefined;
    if (folder === undefined) return undefined;
    try {
      return marksIn(await this.store.read(folder + INSPECTION_FILES.damageAnalysis, MOST_BYTES, signal));
    } catch (error) {
      if (error instanceof JobError && LOST.has(error.code)) return undefined;
      throw error;
    }
  }
}

const LOST: ReadonlySet<string> = new Set(['STORAGE_NOT_FOUND', 'STORAGE_TOO_LARGE', 'STORAGE_NAME']);

/** What is no mark is left out: whoever may write into the store may write anything. */
function marksIn(bytes: Buffer): VisitMark[] | undefined {
  try {
    const { detections } = JSON.parse(bytes.toString()) as { detections?: unknown };
    if (!Array.isArray(detections)) return undefined;
    return detections.slice(0, MOST_MARKS).flatMap((each) => markIn((each ?? {}) as Record<string, unknown>) ?? []);
  } catch {
    return undefined;
  }
}

function markIn(found: Record<string, unknown>): VisitMark | undefined {
  const shares = (found['boxNormalized'] ?? {}) as Record<string, unknown>;
  const [x, y, width, height] = [shares['x'], shares['y'], shares['width'], shares['height']];
  const [kind, severity, confidence, status] = [
    found['class'],
    found['severity'],
    found['confidence'],
    found['status'],
  ];
  if (!isNumber(x) || !isNumber(y) || !isNumber(width) || !isNumber(height)) return undefined;
  if (typeof kind !== 'string' || typeof severity !== 'string' || !isNumber(confidence)) return undefined;
  const box = { x, y, width, height };
  return { class: kind, box, severity, confidence, status: typeof status === 'string' ? status : null };
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
