import { pino, type Logger } from 'pino';
import pretty from 'pino-pretty';

/** What the service logs through: one JSON object a line, or readable lines on a terminal. */
export type Log = Logger;

/** How to log. */
export interface LogSettings {
  level: string;
  pretty: boolean;
}

/** Opens the log on standard output. */
export function openLog({ level, pretty: readable }: LogSettings): Log {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, messageKey: 'message' };
  if (!readable) return pino(options);
  return pino(options, pretty({ messageKey: 'message', ignore: 'worker', colorize: process.stdout.isTTY }));
}
