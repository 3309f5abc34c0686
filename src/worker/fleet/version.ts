import { readFileSync } from 'node:fs';

/** The version of this program, as its `package.json` says; `unknown` where that does not lie above it. */
export const VERSION = readVersion();

function readVersion(): string {
  try {
    const text = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
    return (JSON.parse(text) as { version?: string }).version ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
