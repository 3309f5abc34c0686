import { InvalidJobError } from '../../job/errors.js';
import { isName } from '../../lib/names.js';
import { isEntryId } from '../entry-id.dto.js';
import { fieldOfLetter, type DeadLetter } from './dead-letter.js';
import type { LetterDto } from './letter.dto.js';
import { withoutSecrets } from './redacted-letter.js';

/** A dead letter as clients see it. */
export function letterDto(letter: DeadLetter, kind: string): LetterDto {
  const { id, code, message, step, attempts, firstAt, lastAt, worker, stream, source, payload } =
    withoutSecrets(letter);
  const cctvId = fieldOfLetter(letter, 'cctvId') ?? '';
  const jobId = fieldOfLetter(letter, 'jobId') ?? source;
  return {
    ...{ id, kind, code, message, attempts, worker, stream, payload },
    jobId: isName(jobId) ? jobId : null,
    cctvId: isName(cctvId) ? cctvId : null,
    step: orNull(step),
    queuedAt: orNull(firstAt),
    failedAt: orNull(lastAt),
  };
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** Where a list goes on: behind this letter. Opaque to clients. */
export function letterCursor(id: string): string {
  return Buffer.from(id).toString('base64url');
}

/** @throws InvalidJobError BAD_CURSOR */
export function letterOfCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  if (isEntryId(id)) return id;
  throw new InvalidJobError('BAD_CURSOR', 'cursor must be the `next` of an earlier page with the same filters.', {
    field: 'cursor',
  });
}
