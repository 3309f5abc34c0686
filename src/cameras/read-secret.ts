import { readFileSync, statSync } from 'node:fs';
import type { EntryReader } from './entry-reader.js';

/** Where secrets come from that are not in the file itself. */
export interface Secrets {
  /** The value of a variable of the environment; undefined when it is not set. */
  secret(name: string): string | undefined;
}

/** Characters; servers refuse longer headers. */
const LONGEST_SECRET = 4096;

/**
 * A text of the file, or one that it only says where to find: `{ "env": "NAME" }` or `{ "file": "/path" }`. Problems repeat
 * nothing of it.
 */
export function readSecret(entry: EntryReader, name: string, secrets: Secrets): string | undefined {
  if (!entry.isObject(name)) return entry.text(name);
  const source = entry.within(name);
  source?.refuseUnknown(['env', 'file']);
  const [variable, file] = [source?.text('env'), source?.text('file')];
  if (variable !== undefined && file === undefined) {
    return secrets.secret(variable) ?? entry.wrong(name, `names the variable ${variable}, which is not set`);
  }
  if (file !== undefined && variable === undefined) return readSecretFile(entry, name, file);
  return entry.wrong(name, 'must be a text, { "env": "NAME" } or { "file": "/path" }');
}

/** Of a file that is much too large, not a byte is read. */
function readSecretFile(entry: EntryReader, name: string, path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (!stats.isFile() || stats.size > 2 * LONGEST_SECRET)
      return entry.wrong(name, 'names something that is no small file');
    return readFileSync(path, 'utf8');
  } catch (error) {
    return entry.wrong(name, `names a file that cannot be read (${String((error as NodeJS.ErrnoException).code)})`);
  }
}
