import type { QueueNames } from '../../job/kind.js';
import type { Connection } from '../../redis/connection.js';
import { toFields } from '../../redis/fields.js';
import { deadCodesKey } from '../lane-keys.js';
import { runScript } from '../scripts.js';

/** Codes that are told apart; those beyond share {@link OTHER_CODES}. As in `scripts/lib/dead_codes.lua`. */
export const MOST_CODES = 64;
/** Under what the letters are counted whose code is none, or one too many. */
export const OTHER_CODES = 'OTHER';

/** The numbers of a queue's dead letters. */
export interface DeadNumbers {
  readonly total: number;
  /** By reason code; together they are `total`. */
  readonly byCode: Readonly<Record<string, number>>;
  /** When the oldest one was set aside, ms since the epoch; undefined with none. */
  readonly oldestAt: number | undefined;
}

/** Reads the numbers of a queue's dead letters in one step. */
export async function readDeadNumbers(connection: Connection, names: QueueNames): Promise<DeadNumbers> {
  const { byCode, ...numbers } = await readCounted(connection, names);
  return { ...numbers, byCode: completed(byCode, numbers.total) };
}

/** Whether every dead letter is counted by its code. */
export async function isCounted(connection: Connection, names: QueueNames): Promise<boolean> {
  const { total, byCode } = await readCounted(connection, names);
  return countedLetters(byCode) === total;
}

async function readCounted(connection: Connection, names: QueueNames): Promise<DeadNumbers> {
  const reply = await runScript(connection, 'dead_numbers', [names.dlq, deadCodesKey(names)], [MOST_CODES + 1]);
  const [total, flat, oldest] = reply as [number, Buffer[], Buffer | null];
  const counts = Object.entries(toFields(flat)).map(([code, count]) => [code, Number(count)] as const);
  return {
    total,
    byCode: Object.fromEntries(counts),
    oldestAt: oldest === null ? undefined : Number.parseInt(oldest.toString('latin1'), 10),
  };
}

/** What was not counted yet, such as the letters of an earlier version, is of no known code. */
function completed(byCode: Record<string, number>, total: number): Record<string, number> {
  const missing = total - countedLetters(byCode);
  return missing > 0 ? { ...byCode, [OTHER_CODES]: (byCode[OTHER_CODES] ?? 0) + missing } : byCode;
}

function countedLetters(byCode: Readonly<Record<string, number>>): number {
  return Object.values(byCode).reduce((sum, count) => sum + count, 0);
}
