import { createHash } from 'node:crypto';
import type { GeminiKey } from '../gemini-api.js';

/** All budgets lie in one slot of a Redis Cluster: a reservation looks at every project in one atomic step. */
const PREFIX = '{roadstream:gemini}';
/** Enough that no two keys share it; the key itself must not be told from it. */
const HASH_CHARS = 16;

/** The keys that one project's budget for one model lies in: see `scripts/begin.lua`. */
export function budgetKeys(model: string, project: string): string[] {
  return ['calls', 'tokens', 'state'].map((part) => `${PREFIX}:${model}:${project}:${part}`);
}

/** The key that is there while a Gemini key is retired. Named by a hash of the secret too: a corrected key is a new one. */
export function retiredKey({ id, key }: GeminiKey): string {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, HASH_CHARS);
  return `${PREFIX}:retired:${id}:${hash}`;
}
