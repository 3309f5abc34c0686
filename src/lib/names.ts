const NAME = /^[A-Za-z0-9._-]{1,128}$/;

/** What {@link isName} asks for, to follow the words "it" or a field's name. */
export const NAME_RULE = 'must be 1 to 128 of letters, digits, ".", "_" and "-", and not "." or ".."';

/** Whether a text may name a camera or a job. Names end up in paths and keys: none may mean more than itself. */
export function isName(text: string): boolean {
  return NAME.test(text) && text !== '.' && text !== '..';
}
