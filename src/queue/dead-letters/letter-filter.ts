import { InvalidJobError } from '../../job/errors.js';
import { fieldOfLetter, type DeadLetter } from './dead-letter.js';

/** Which dead letters to act on; what is left out does not matter. */
export interface DeadLetterFilter {
  /** Only this one. */
  readonly id?: string | undefined;
  /** Only those with this reason code. */
  readonly code?: string | undefined;
  /** Only those of this camera. */
  readonly cctvId?: string | undefined;
}

/** A purge that names another number than there is. Nothing was deleted. */
export class CountDiffersError extends InvalidJobError {
  constructor(
    /** How many there are. */
    readonly count: number,
    expected: number,
  ) {
    super(
      'COUNT_DIFFERS',
      `There are ${count} such dead letters, not ${expected}: nothing was deleted. Look at them, then expect ${count}.`,
    );
  }
}

/** Whether a dead letter is one of those that are meant. */
export function isMeant(letter: DeadLetter, { code, cctvId }: DeadLetterFilter): boolean {
  if (code !== undefined && letter.code !== code) return false;
  return cctvId === undefined || fieldOfLetter(letter, 'cctvId') === cctvId;
}
