import { derivedKey } from '../redis/derived-key.js';

/** The kinds of jobs whose results are noted. */
export type LedgerKind = 'inspection' | 'assessment';

/** Where the results are, and who marks them as done. */
export interface LedgerNames {
  /** Results stream of the inspections. */
  inspections: string;
  /** Results stream of the assessments. */
  assessments: string;
  group: string;
  /** The least urgent stream of each kind, beside which its events are. */
  mains: Readonly<Record<LedgerKind, string>>;
}

/** Cameras that are remembered for either kind of job at most. */
export const MOST_NOTED = 10_000;

/** A hash: the newest result of each camera, as JSON. @param results the results stream of a kind */
export const lastKey = (results: string): string => derivedKey(results, 'last');

/** A sorted set: cameras by when something was heard of them last. @param results the results stream of a kind */
export const camerasKey = (results: string): string => derivedKey(results, 'cameras');

/** A hash: the scores of a camera by the start of their segments. */
export const scoresKey = (assessments: string, cctvId: string): string => derivedKey(assessments, `scores:${cctvId}`);

/** A hash: the folders of a camera's assessments by the start of their segments. */
export const segmentsKey = (assessments: string, cctvId: string): string =>
  derivedKey(assessments, `segments:${cctvId}`);

/** A hash: what each worker assessed lately. */
export const workersKey = (assessments: string): string => derivedKey(assessments, 'workers');
