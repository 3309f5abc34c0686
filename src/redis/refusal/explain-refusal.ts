import { scriptOf } from '../lua-scripts.js';
import { probeOf, typeProbeOf } from './probes.js';
import { RedisRefusedError } from './redis-refused.error.js';
import { refusalKindOf, type RefusalKind } from './refusal-kinds.js';
import { callAt, lineIn } from './script-line.js';

/** A command as it was sent. */
export interface Sent {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** Asks Redis something without the answer being taken for a refusal. */
export type Ask = (name: string, ...args: (string | number)[]) => Promise<unknown>;

const SCRIPT_CALLS = new Set(['eval', 'evalsha']);
const CONTAINERS = new Set(['xinfo', 'xgroup', 'client']);

/** Says what an error refuses; gives undefined when it is no refusal. Asks Redis where the error alone does not tell. */
export async function explainRefusal(error: unknown, sent: Sent, ask: Ask): Promise<RedisRefusedError | undefined> {
  if (!(error instanceof Error) || error instanceof RedisRefusedError) return undefined;
  const reason = error.message;
  const kind = refusalKindOf(reason);
  if (kind === undefined) return undefined;
  const { command, keys } = await refusedIn(kind, reason, sent, ask);
  return new RedisRefusedError({ kind, command, keys: keys.map(readable), reason }, error);
}

/** Says so when a connection does not come about because Redis refuses the login. */
export function explainLogin(error: Error): RedisRefusedError | undefined {
  if (error instanceof RedisRefusedError || refusalKindOf(error.message) !== 'login') return undefined;
  return new RedisRefusedError({ kind: 'login', command: 'AUTH', keys: [], reason: error.message }, error);
}

/** Keys of ours that lie beside a stream, and are none. */
const BESIDE_A_STREAM = /:(?:group|waiting|settled|held|tick|paused|cancelled|ahead)(?::|$)/;

interface Found {
  command: string;
  keys: readonly string[];
}

async function refusedIn(kind: RefusalKind, reason: string, sent: Sent, ask: Ask): Promise<Found> {
  const all = keysOf(sent);
  const line = lineIn(reason);
  const lua = SCRIPT_CALLS.has(sent.name) ? scriptOf(String(sent.args[0])) : undefined;
  const call = lua === undefined || line === undefined ? undefined : callAt(lua, line);
  const command = call?.command ?? nameOf(sent);
  const named = call?.key === undefined ? undefined : all[call.key];
  if (named !== undefined) return { command, keys: [named] };
  if (all.length < 2) return { command, keys: all };
  const meant = command.startsWith('X') ? all.filter((key) => !BESIDE_A_STREAM.test(key)) : all;
  const guilty = await guiltyOf(kind, command, meant, ask);
  return { command, keys: guilty.length > 0 ? guilty : meant };
}

/** Which of several keys it is: the ones that are refused by themselves. */
async function guiltyOf(kind: RefusalKind, command: string, keys: readonly string[], ask: Ask): Promise<string[]> {
  if (kind !== 'type' && kind !== 'rights') return [];
  const refused = await Promise.all(
    keys.map(async (key) => {
      const probe = kind === 'type' ? probeOf(typeProbeOf(command), key) : probeOf(command.replace(' ', '|'), key);
      const answer = probe === undefined ? '' : await ask(...probe).catch(String);
      return refusalKindOf(String(answer)) === kind;
    }),
  );
  return keys.filter((_, i) => refused[i]);
}

function nameOf({ name, args }: Sent): string {
  const command = name.toUpperCase();
  return CONTAINERS.has(name) ? `${command} ${String(args[0]).toUpperCase()}` : command;
}

function keysOf({ name, args }: Sent): string[] {
  const texts = args.map(String);
  if (SCRIPT_CALLS.has(name)) return texts.slice(2, 2 + Number(texts[1]));
  if (name === 'xreadgroup' || name === 'xread') {
    const streams = texts.slice(texts.findIndex((text) => text.toUpperCase() === 'STREAMS') + 1);
    return streams.slice(0, streams.length / 2);
  }
  if (name === 'client' || name === 'info' || name === 'auth' || name === 'select') return [];
  return texts.slice(CONTAINERS.has(name) ? 1 : 0).slice(0, 1);
}

/** Keys come from settings and from payloads: nothing that a terminal acts on. */
function readable(key: string): string {
  return key.replace(/[^\x20-\x7e\p{L}\p{N}]/gu, '?').slice(0, 200);
}
