/** A package that is installed by those who need it only. */
export interface OptionalLibrary {
  /** As npm knows it. */
  readonly name: string;
  /** The versions that do, as npm reads them: `^3`. */
  readonly range: string;
  /** The variable that asks for it. */
  readonly variable: string;
}

/**
 * A setting asks for a package that is not installed. The message says how to install it: without `--save-prod` npm leaves it out,
 * as one for our tests, wherever those are left out.
 */
export class LibraryMissingError extends Error {
  readonly code = 'BAD_CONFIG';

  constructor({ name, range, variable }: OptionalLibrary, options?: ErrorOptions) {
    const install = `npm install --no-save --save-prod ${name}@${range}`;
    super(`${variable} is set, but the package ${name} is not installed: ${install}`, options);
    this.name = 'LibraryMissingError';
  }
}

/** How Node says that a module is not there; the second where it is looked up as CommonJS is. */
const NOT_FOUND = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];

/**
 * Loads a package that need not be installed.
 * @param load `() => import('the package')`: a literal name, so that types and the rules of homes see it
 * @throws LibraryMissingError when it, or a package that it needs, is not installed
 */
export async function loadLibrary<T>(library: OptionalLibrary, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw NOT_FOUND.includes(codeOf(error)) ? new LibraryMissingError(library, { cause: error }) : error;
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
