import { readFileSync } from 'node:fs';
import type { Connection } from '../../../queue/redis/connection.js';

const NAMES = ['give_back', 'park', 'reserve', 'settle'] as const;

/** A change of the budgets: one Lua script, atomic on the server. */
export type BudgetScript = (typeof NAMES)[number];

type Argument = string | number;
type Defined = Record<string, (...args: Argument[]) => Promise<unknown>>;

/** Lua that sets `now` to the time of Redis. */
export const REDIS_CLOCK = readScript('clock');

/**
 * Registers the scripts on a connection. They are sent by hash and again in full when the server forgot them.
 * @param clock Lua that sets `now`, ms since the epoch
 */
export function defineBudgetScripts(connection: Connection, clock: string): void {
  for (const name of NAMES) {
    connection.defineCommand(`gemini_${name}`, { lua: [clock, readScript('begin'), readScript(name)].join('\n') });
  }
}

/** Runs a script. */
export function runBudgetScript(
  connection: Connection,
  name: BudgetScript,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<unknown> {
  const call = (connection as unknown as Defined)[`gemini_${name}`];
  if (call === undefined) throw new Error(`The script ${name} is not defined on this connection.`);
  return call.call(connection, keys.length, ...keys, ...args);
}

function readScript(name: string): string {
  return readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
}
