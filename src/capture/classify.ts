import { PermanentStepError, TransientStepError, type JobError } from '../job/errors.js';

/** What is known about a capture that gave too few frames. */
export interface CaptureEvidence {
  readonly frameCount: number;
  readonly wantedFrames: number;
  readonly exitCode: number | null;
  readonly spawnError: Error | null;
  /** The wall-clock deadline ended it. */
  readonly ranOutOfTime: boolean;
  /** The picture changed its size while it was watched. */
  readonly changedSize: boolean;
  /** The end of ffmpeg's stderr, redacted. */
  readonly lastWords: string;
}
const STEP = 'capture';
export function classify(evidence: CaptureEvidence): JobError {
  return new TransientStepError(
    'HLS_TOO_FEW_FRAMES',
    `TODO ${evidence.frameCount} ${evidence.exitCode}\n${evidence.lastWords}`,
    { step: STEP },
  );
}
void PermanentStepError;
