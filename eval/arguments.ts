import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** What an evaluation was asked for. */
export interface EvaluationArguments {
  /** Print one line of JSON and nothing else. */
  json: boolean;
  /** The other flags that were given, dashes and all. */
  flags: ReadonlySet<string>;
  /** Absolute. */
  folders: string[];
}

/**
 * Reads the command line; says how it is used and ends the process when no folder or one that is not there is named, or
 * a flag that is neither `--json` nor one of `known`.
 */
export function readArguments(usage: string, known: readonly string[] = []): EvaluationArguments {
  const words = process.argv.slice(2);
  const flags = new Set(words.filter((word) => word.startsWith('--')));
  const isKnown = [...flags].every((flag) => flag === '--json' || known.includes(flag));
  // npm runs scripts in the project's folder, but folders are named from where the person is.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const folders = words.filter((word) => !word.startsWith('--')).map((folder) => resolve(from, folder));
  if (!isKnown || folders.length === 0) return refuse(`Usage: npm run ${usage}`);
  const missing = folders.find((folder) => !existsSync(folder));
  if (missing !== undefined) return refuse(`There is no folder ${missing}.`);
  return { json: flags.delete('--json'), flags, folders };
}

function refuse(why: string): never {
  console.error(why);
  process.exit(2);
}
