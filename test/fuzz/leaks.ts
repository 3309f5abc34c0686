import { ROOT } from '../../demo/places.js';

/** A line of a stack, or a place in our code. */
const STACK = /\n\s+at .*[:/]\d+:\d+|node_modules|file:\/\/\/\S+\.js|\/dist\/src\//;

/** What a text tells of the machine that it must not tell a client; undefined is good. */
export function leakIn(text: string, ...paths: readonly string[]): string | undefined {
  const stack = STACK.exec(text)?.[0];
  if (stack !== undefined) return `a stack: ${stack}`;
  const path = [ROOT, process.execPath, ...paths].find((one) => text.includes(one));
  return path === undefined ? undefined : `a path of the machine: ${path}`;
}
