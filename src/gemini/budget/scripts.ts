import type { Connection } from '../../redis/connection.js';
import { LuaScripts, type ScriptArgument } from '../../redis/lua-scripts.js';

const NAMES = ['give_back', 'park', 'reserve', 'settle'] as const;

/** A change of the budgets: one Lua script, atomic on the server. */
export type BudgetScript = (typeof NAMES)[number];

const SCRIPTS = new LuaScripts<BudgetScript>(new URL('./scripts/', import.meta.url), 'gemini', NAMES);

/** Lua that sets `now` to the time of Redis. */
export const REDIS_CLOCK = SCRIPTS.read('clock');

/**
 * Registers the scripts of the budgets on a connection.
 * @param clock Lua that sets `now`, ms since the epoch
 */
export function defineBudgetScripts(connection: Connection, clock: string): void {
  SCRIPTS.define(connection, `${clock}\n${SCRIPTS.read('begin')}\n`);
}

/** Runs a script of the budgets. Text in the reply comes as Buffers. */
export function runBudgetScript(
  connection: Connection,
  name: BudgetScript,
  keys: readonly string[],
  args: readonly ScriptArgument[],
): Promise<unknown> {
  return SCRIPTS.run(connection, name, keys, args);
}
