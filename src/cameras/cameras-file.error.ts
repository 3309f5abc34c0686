import { PermanentStepError } from '../job/errors.js';

const SHOWN = 40;

/** The cameras file cannot be used. The message lists what is wrong, one problem a line, and holds no secret. */
export class CamerasFileError extends PermanentStepError {
  /** @param problems each a sentence that names camera and field, where there are any */
  constructor(
    code: 'CAMERAS_FILE_UNREADABLE' | 'CAMERAS_FILE_WRONG',
    readonly problems: readonly string[],
    cause?: unknown,
  ) {
    super(code, messageFor(problems), { step: 'cameras', ...(cause === undefined ? {} : { cause }) });
  }
}

function messageFor(problems: readonly string[]): string {
  const lines = problems.slice(0, SHOWN).map((problem) => `\n  ${problem}`);
  const more = problems.length > SHOWN ? `\n  and ${problems.length - SHOWN} more` : '';
  return `CAMERAS_FILE cannot be used (docs/cameras.md explains each field).${lines.join('')}${more}`;
}
