import { InvalidJobError } from '../job/errors.js';

/** Where a list goes on: in which of its sections, after which entry. */
export interface Place {
  readonly section: number;
  readonly after: string | undefined;
}

/** A place as clients hand it back; opaque to them. */
export function toCursor({ section, after = '' }: Place): string {
  return Buffer.from(`${section} ${after}`).toString('base64url');
}

/** @throws InvalidJobError BAD_CURSOR */
export function fromCursor(cursor: string | undefined, sections: number): Place {
  if (cursor === undefined) return { section: 0, after: undefined };
  const [, section = '', after = ''] =
    /^(\d{1,3}) (\d{1,20}-\d{1,20})?$/.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  if (section === '' || Number(section) >= sections) throw badCursor();
  return { section: Number(section), after: after === '' ? undefined : after };
}

function badCursor(): InvalidJobError {
  return new InvalidJobError('BAD_CURSOR', 'cursor must be the `next` of an earlier page with the same filters.', {
    field: 'cursor',
  });
}
