/** A call of a command in a script: which, and of which of the script's keys, counted from 0, if that is told by the text. */
export interface ScriptCall {
  command: string;
  key: number | undefined;
}

/** What a line of a script calls, by its text; undefined when that is not to be seen. */
export function callAt(lua: string, line: number): ScriptCall | undefined {
  const text = lua.split('\n')[line - 1] ?? '';
  const [, name, sub, subject] = /redis\.p?call\('(\w+)'(?:, *'([A-Z]+)')?(?:, *([\w[\]. +-]+))?/.exec(text) ?? [];
  if (name === undefined) return undefined;
  const command = sub !== undefined && /^X(?:INFO|GROUP)$/.test(name) ? `${name} ${sub}` : name;
  return { command, key: keyNumber(lua, subject?.trim()) };
}

/** The line that an error names. */
export function lineIn(message: string): number | undefined {
  const line = /@?user_script:(\d+)/.exec(message)?.[1];
  return line === undefined ? undefined : Number(line);
}

/** `KEYS[2]` is 1, and so is a name that was given that value at the script's beginning. */
function keyNumber(lua: string, subject: string | undefined): number | undefined {
  if (subject === undefined) return undefined;
  const direct = /^KEYS\[(\d+)\]$/.exec(subject)?.[1];
  if (direct !== undefined) return Number(direct) - 1;
  for (const [, names = '', values = ''] of lua.matchAll(/^local ([\w, ]+?) = (.+)$/gm)) {
    const at = names.split(', ').indexOf(subject);
    const value = at < 0 ? undefined : values.split(', ')[at];
    const found = /^KEYS\[(\d+)\]$/.exec(value ?? '')?.[1];
    if (found !== undefined) return Number(found) - 1;
  }
  const field = /^\w+\.(\w+)$/.exec(subject)?.[1];
  const given = field === undefined ? undefined : new RegExp(`\\b${field} = KEYS\\[(\\d+)\\]`).exec(lua)?.[1];
  return given === undefined ? undefined : Number(given) - 1;
}
