import { PermanentStepError } from '../job/errors.js';

/**
 * The parts of an artifact's name.
 * @throws PermanentStepError STORAGE_NAME for one that could mean a place outside of the store, or none
 */
export function partsOf(name: string): string[] {
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..' || /[\0\\]/.test(part))) throw nameError(name);
  return parts;
}

function nameError(name: string): PermanentStepError {
  const text = `${JSON.stringify(name.slice(0, 200))} cannot name an artifact: its parts must not be empty, "." or "..".`;
  return new PermanentStepError('STORAGE_NAME', text, { step: 'artifacts' });
}
