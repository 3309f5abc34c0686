import { createHash } from 'node:crypto';
import type { GeminiKeyConfig } from './config.groups.js';
import { itemsOf } from './table/rows.js';

/** The budget of a key that names none. */
export type DefaultBudget = Pick<GeminiKeyConfig, 'rpm' | 'tpm' | 'rpd'>;

const NAME = /^[\w.-]{1,64}$/;
const KEY = /^\S+$/;

/** Whether `text` is a list of keys, plain or as JSON, that {@link parseGeminiKeys} can read. */
export function isGeminiKeys(text: string): boolean {
  if (!text.startsWith('[')) return itemsOf(text).every((key) => KEY.test(key));
  const list = entriesOf(text);
  return list !== undefined && list.every(isEntry) && new Set(list.map((entry) => entry['id'])).size === list.length;
}

/**
 * The keys in both variables, each once. A plain key is named by a few letters of its hash, so that every worker with the
 * same key says the same name, and counts as a project of its own.
 *
 * @param single one plain key
 * @param several a list that {@link isGeminiKeys} allows
 */
export function parseGeminiKeys(
  single: string | undefined,
  several: string | undefined,
  budget: DefaultBudget,
): GeminiKeyConfig[] {
  const listed = several?.startsWith('[') === true ? (entriesOf(several) ?? []) : itemsOf(several).map(plain);
  const all = [...itemsOf(single).map(plain), ...listed].map((entry) => complete(entry as unknown as Entry, budget));
  return [...new Map(all.map((key) => [key.key, key])).values()];
}

/** A key as {@link isGeminiKeys} lets it through. */
type Entry = Pick<GeminiKeyConfig, 'id' | 'key'> & Partial<GeminiKeyConfig>;

function complete(entry: Entry, budget: DefaultBudget): GeminiKeyConfig {
  return { ...budget, project: entry.id, ...entry };
}

function plain(key: string): Record<string, unknown> {
  return { id: `key-${createHash('sha256').update(key).digest('hex').slice(0, 6)}`, key };
}

function entriesOf(json: string): Record<string, unknown>[] | undefined {
  try {
    const list: unknown = JSON.parse(json);
    const isList = Array.isArray(list) && list.every((item) => typeof item === 'object' && item !== null);
    return isList ? (list as Record<string, unknown>[]) : undefined;
  } catch {
    return undefined;
  }
}

function isEntry(entry: Record<string, unknown>): boolean {
  const isName = (value: unknown): boolean => typeof value === 'string' && NAME.test(value);
  const isLimit = (value: unknown): boolean =>
    value === undefined || (Number.isSafeInteger(value) && Number(value) > 0);
  const knows = Object.keys(entry).every((field) => ['id', 'project', 'key', 'rpm', 'tpm', 'rpd'].includes(field));
  const { id, project, key, rpm, tpm, rpd } = entry;
  return (
    knows &&
    isName(id) &&
    (project === undefined || isName(project)) &&
    typeof key === 'string' &&
    KEY.test(key) &&
    [rpm, tpm, rpd].every(isLimit)
  );
}
