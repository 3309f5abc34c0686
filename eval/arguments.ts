import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** What an evaluation was asked for. */
export interface EvaluationArguments {
  /** Print one line of JSON and nothing else. */
  json: boolean;
  /** Absolute. */
  folders: string[];
}

/** Reads the command line; says how it is used and ends the process when no folder or one that is not there is named. */
export function readArguments(usage: string, defaults: readonly string[] = []): EvaluationArguments {
  const words = process.argv.slice(2);
  const named = words.filter((word) => !word.startsWith('--'));
  // npm runs scripts in the project's folder, but folders are named from where the person is.
  const from = process.env['INIT_CWD'] ?? process.cwd();
  const folders = (named.length === 0 ? defaults : named).map((folder) => resolve(from, folder));
  const missing = folders.find((folder) => !existsSync(folder));
  if (folders.length > 0 && missing === undefined) return { json: words.includes('--json'), folders };
  console.error(missing === undefined ? `Usage: npm run ${usage}` : `There is no folder ${missing}.`);
  process.exit(2);
}
