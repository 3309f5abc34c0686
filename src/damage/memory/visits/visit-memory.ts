import type { ArtifactStore } from '../../../artifacts/artifact-store.js';
import type { Light } from '../../../background/background.js';
import { JobError } from '../../../job/errors.js';
import { visitId } from '../../../job/visit-id.js';
import { inTime } from './in-time.js';
import type { ForgottenVisit, RedisVisitIndex } from './redis-visit-index.js';
import type { Visit, VisitingJob } from './visit.js';
import { fromBytes, toBytes } from './visit-bytes.js';
import { groupOf, idIn, visitArtifact, visitName } from './visit-name.js';

/** A job does not wait longer for its memory. ms */
const PATIENCE_MS = 10_000;

/** A picture of noise at full size with all marks stays below. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Artifacts that are read or removed at once. */
const AT_ONCE = 4;

/** What is remembered of a camera. */
export interface Recalled {
  /** Visits by the asked light before the job, newest first. */
  visits: Visit[];
  /** How many visits before the job there are by any light. */
  kept: number;
}

/** The last visits of every camera, shared by all workers: their names in Redis, what they saw in the artifact store. */
export class VisitMemory {
  /** @param prefix in front of every artifact's name */
  constructor(
    private readonly index: RedisVisitIndex,
    private readonly store: ArtifactStore,
    private readonly prefix: string,
    private readonly patienceMs = PATIENCE_MS,
  ) {}

  /**
   * The visits of a camera before a job. What cannot be read is left out, and so are those whose view was unclear unless
   * they are among the `most` newest.
   * @throws an Error when Redis or the store does not answer within seconds, or when all there was is gone; the signal's
   *   reason
   */
  recall(job: VisitingJob, light: Light, most: number, signal: AbortSignal): Promise<Recalled> {
    return inTime(this.patienceMs, signal, async (signal) => {
      const before = (await this.index.visitsOf(job.cctvId)).filter((name) => idIn(name) < visitId(job));
      const wanted = wantedOf(before, light, most);
      const read = await inTurns(wanted, (name) => this.read(visitArtifact(this.prefix, job.cctvId, name), signal));
      const visits = read.filter((visit) => visit !== undefined);
      if (wanted.length > 0 && visits.length === 0) {
        throw new Error(`None of ${wanted.length} earlier visits can be read from the ${this.store.describe()}.`);
      }
      return { visits, kept: before.length };
    });
  }

  /**
   * Keeps the visit of a job, in place of one of the same job, and forgets the oldest of its light beyond `most`.
   * @throws as {@link recall}; an Error when the visit is too large to be kept
   */
  async remember(job: VisitingJob, visit: Visit, most: number, signal: AbortSignal): Promise<void> {
    const bytes = toBytes(visit);
    if (bytes.length > MOST_BYTES) throw new Error(`It has ${bytes.length} bytes, ${MOST_BYTES} at most are kept.`);
    const group = groupOf(visit);
    const [{ cctvId }, name] = [job, visitName(group, visitId(job))];
    await inTime(this.patienceMs, signal, async (signal) => {
      const artifact = { contentType: 'application/octet-stream', source: () => bytes };
      await this.store.put(visitArtifact(this.prefix, cctvId, name), artifact, signal);
      const noted = { cctvId, name, group: visitName(group, ''), most, now: Date.now() };
      await this.remove(await this.index.note(noted), signal);
    });
  }

  /**
   * The ids of all visits of a camera that are remembered, in any order.
   * @throws an Error when Redis does not answer within seconds; the signal's reason
   */
  async remembered(cctvId: string, signal: AbortSignal): Promise<string[]> {
    return inTime(this.patienceMs, signal, async () => (await this.index.visitsOf(cctvId)).map(idIn));
  }

  /**
   * The picture of a visit, encoded and reduced; undefined when it is not remembered.
   * @throws as {@link recall}
   */
  picture(cctvId: string, id: string, signal: AbortSignal): Promise<Buffer | undefined> {
    return inTime(this.patienceMs, signal, async (signal) => {
      const name = (await this.index.visitsOf(cctvId)).find((each) => idIn(each) === id);
      if (name === undefined) return undefined;
      return (await this.read(visitArtifact(this.prefix, cctvId, name), signal))?.picture;
    });
  }

  private async read(artifact: string, signal: AbortSignal): Promise<Visit | undefined> {
    try {
      return fromBytes(await this.store.read(artifact, MOST_BYTES, signal));
    } catch (error) {
      if (error instanceof JobError && LOST.has(error.code)) return undefined;
      throw error;
    }
  }

  private async remove(forgotten: readonly ForgottenVisit[], signal: AbortSignal): Promise<void> {
    await inTurns(forgotten, ({ cctvId, name }) => this.store.remove(visitArtifact(this.prefix, cctvId, name), signal));
    await this.index.removed(forgotten);
  }
}

/** What will not come back by waiting. */
const LOST: ReadonlySet<string> = new Set(['STORAGE_NOT_FOUND', 'STORAGE_TOO_LARGE']);

/** The names by the asked light, newest first. */
function wantedOf(names: readonly string[], light: Light, most: number): string[] {
  const judged = visitName(light, '');
  const unclear = visitName(`${light}-unclear`, '');
  return names
    .filter((name) => name.startsWith(judged) || name.startsWith(unclear))
    .sort((a, b) => (idIn(a) < idIn(b) ? 1 : -1))
    .filter((name, age) => name.startsWith(judged) || age < most);
}

/** Does something with each, a few at once. */
async function inTurns<Item, Result>(items: readonly Item[], work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return results;
}
