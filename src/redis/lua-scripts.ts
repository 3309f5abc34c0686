import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Connection } from './connection.js';

/** What a script takes besides its keys. */
export type ScriptArgument = string | number | Buffer;
type Defined = Record<string, (...args: (ScriptArgument | ScriptArgument[])[]) => Promise<unknown>>;

/** What scripts of several folders include. */
const SHARED = new URL('./lua/', import.meta.url);

/** Texts by the hash that Redis knows them by. */
const KNOWN = new Map<string, string>();

/** The text of a script that was sent in full or by its hash; undefined for a hash of none of ours. */
export function scriptOf(sent: string): string | undefined {
  return /^[0-9a-f]{40}$/.test(sent) ? KNOWN.get(sent) : sent;
}

/** A folder of Lua scripts, each atomic on the server. */
export class LuaScripts<Name extends string> {
  private readonly places: ReadonlyMap<Name, string>;

  /**
   * @param folder where `<name>.lua` lie
   * @param prefix keeps the names of two folders apart on one connection
   * @param names or, where they lie in folders of that folder, names and places
   */
  constructor(
    private readonly folder: URL,
    private readonly prefix: string,
    names: readonly Name[] | ReadonlyMap<Name, string>,
  ) {
    this.places = 'get' in names ? names : new Map(names.map((name) => [name, name]));
  }

  /**
   * Registers the scripts on a connection. They are sent by hash and again in full when the server forgot them.
   * @param preamble Lua that goes before each
   */
  define(connection: Connection, preamble = ''): void {
    for (const [name, place] of this.places) {
      const lua = preamble + this.read(place);
      KNOWN.set(createHash('sha1').update(lua).digest('hex'), lua);
      connection.defineCommand(`${this.prefix}_${name}`, { lua });
    }
  }

  /**
   * The Lua of a file of the folder. A line `-- include name` stands for what is in `lib/name.lua` there, or else for what
   * all folders share; `-- include folder/name` for another script of the folder. Once a script.
   */
  read(name: string): string {
    return this.expand(new URL(`${name}.lua`, this.folder), new Set());
  }

  private expand(file: URL, included: Set<string>): string {
    const text = readFileSync(file, 'utf8');
    return text.replace(/^-- include ([\w/]+)$/gm, (_line, part: string) => {
      if (included.has(part)) return '';
      included.add(part);
      const own = new URL(part.includes('/') ? `${part}.lua` : `lib/${part}.lua`, this.folder);
      return this.expand(existsSync(own) ? own : new URL(`${part}.lua`, SHARED), included);
    });
  }

  /** Runs a script. Text in the reply comes as Buffers, since a payload may hold any bytes. */
  run(connection: Connection, name: Name, keys: readonly string[], args: readonly ScriptArgument[]): Promise<unknown> {
    const call = (connection as unknown as Defined)[`${this.prefix}_${name}Buffer`];
    if (call === undefined) throw new Error(`The script ${name} is not defined on this connection.`);
    return call.call(connection, keys.length, ...keys, ...args);
  }
}
