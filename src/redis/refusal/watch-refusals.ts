import { Command } from 'ioredis';
import { REFUSALS } from './refusals.js';
import type { Connection } from '../connection.js';
import { explainRefusal, type Ask } from './explain-refusal.js';

let isQuiet = false;

/** Sends a command whose refusal is no news: it is nice to have, and nobody needs the right to it. */
export function quietly<T>(send: () => T): T {
  isQuiet = true;
  try {
    return send();
  } finally {
    isQuiet = false;
  }
}

/**
 * Has every command of a connection whose answer is a refusal fail with a sentence that names it, and notes what is refused
 * until it is allowed again.
 */
export function watchRefusals(connection: Connection): void {
  const send = connection.sendCommand.bind(connection) as (command: Command, ...rest: unknown[]) => Promise<unknown>;
  // What waits for a connection, or is sent anew, comes by again.
  const watched = new WeakMap<Command, Promise<unknown>>();
  const ask: Ask = (name, ...args) => send(new Command(name, args, { replyEncoding: 'utf8' }));
  const watching = (command: Command, ...rest: unknown[]): Promise<unknown> => {
    const known = watched.get(command);
    const answer = send(command, ...rest);
    if (known !== undefined) return known;
    const told = tell(answer, command, ask, isQuiet);
    watched.set(command, told);
    return told;
  };
  Object.assign(connection, { sendCommand: watching });
}

async function tell(answer: Promise<unknown>, command: Command, ask: Ask, quiet: boolean): Promise<unknown> {
  try {
    const reply = await answer;
    if (REFUSALS.size > 0) REFUSALS.allowed(sourceOf(command));
    return reply;
  } catch (error) {
    const refusal = await explainRefusal(error, command, ask);
    if (refusal === undefined) throw error;
    if (!quiet && !isCourtesy(command)) REFUSALS.note(sourceOf(command), refusal.message);
    throw refusal;
  }
}

/** What a client calls itself matters to nobody, and older servers do not know it. */
function isCourtesy({ name, args }: Command): boolean {
  return name === 'client' && /^set(?:name|info)$/i.test(String((args as unknown[])[0]));
}

/** What is asked for again and again: the command with its keys, and which script. */
function sourceOf(command: Command): string {
  const { name, args } = command as unknown as { name: string; args: unknown[] };
  if (name !== 'eval' && name !== 'evalsha') return [name, ...command.getKeys().map(String)].join(' ');
  const keys = args.slice(2, 2 + Number(args[1])).map(String);
  // A script is sent in full once, then by its hash.
  return ['script', String(args[0]).length === 40 ? args[0] : '', ...keys].join(' ');
}
