import type { Command } from './service.js';

const HOOKS = (names: string, hides: boolean): string => `
  import { writeSync } from 'node:fs';
  export async function resolve(specifier, context, next) {
    if (!${names}.test(specifier)) return next(specifier, context);
    writeSync(2, 'asked for ' + specifier + '\\n');
    if (!${String(hides)}) return next(specifier, context);
    throw Object.assign(new Error('hidden'), { code: 'ERR_MODULE_NOT_FOUND' });
  }
`;

/**
 * Starts a program of Node that says on standard error which packages it asks for, of those that match.
 * @param hides they are not there for it
 */
export function watchingModules(names: RegExp, { hides = false } = {}): (program: Command) => Command {
  const hooks = `data:text/javascript,${encodeURIComponent(HOOKS(String(names), hides))}`;
  const code = `import { register } from 'node:module'; register(${JSON.stringify(hooks)});`;
  return ([node, ...args]) => [node, '--import', `data:text/javascript,${encodeURIComponent(code)}`, ...args];
}
