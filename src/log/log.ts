import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

/** What the service logs through: one JSON object a line, or readable lines on a terminal. */
export type Log = Logger;

/** Nest's token for the {@link Log}. */
export const LOG = Symbol('LOG');

/** How to log. */
export interface LogSettings {
  level: string;
  pretty: boolean;
  /** Every line is out before the call returns: for a process that ends right after. */
  sync?: boolean;
}

/** Opens the log on standard output. */
export function openLog({ level, pretty: readable, sync = false }: LogSettings): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' };
  if (!readable) return pino({ ...options, formatters: { level: (label: string) => ({ level: label }) } });
  return pino(options, pretty({ messageKey: 'message', ignore: 'worker', colorize: process.stdout.isTTY, sync }));
}
