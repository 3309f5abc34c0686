import type { Assessment } from '../assessment.js';

/** A judgement with all that it rests on: what is cached, and what another job of the same segment answers with. */
export interface Analysis {
  readonly assessment: Assessment;
  /** Of the video that was judged, s; 0 for a picture. */
  readonly seconds: number;
  readonly source: SourceFacts;
  readonly model: string;
  readonly language: string;
  readonly promptVersion: string;
  readonly tokens: { readonly input: number; readonly output: number };
  /** ISO 8601 */
  readonly judgedAt: string;
}

/** What was judged, as far as it was looked at. */
export interface SourceFacts {
  readonly kind: 'video' | 'picture';
  /** Without the query of a URL. */
  readonly name: string;
  /** Of the original. */
  readonly bytes: number;
  /** What the video says of its length; null when it says nothing, or is a picture. */
  readonly claimedSeconds: number | null;
  /** px; null for a picture */
  readonly width: number | null;
  readonly height: number | null;
  /** What was sent to Gemini. */
  readonly sentBytes: number;
}

/** What an analysis is of: who asks the same, in the same way, gets the same. */
export interface AnalysisKey {
  readonly cctvId: string;
  /** ms since the epoch */
  readonly segmentStart: number;
  /** ms since the epoch; undefined: to the end of the video */
  readonly segmentEnd: number | undefined;
  /** The picture that is judged; undefined for a video, which its camera and time name. */
  readonly picture: string | undefined;
  readonly model: string;
  readonly language: string;
  readonly promptVersion: string;
}
