import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { ConfigError } from '../config.error.js';

/** Variables by name, as a file gives them. */
type Variables = Readonly<Record<string, string | undefined>>;

/**
 * What a `.env` file says. A line that would be passed over in silence is an error instead: whoever wrote it meant it.
 * @param known the names of the service's variables
 * @throws ConfigError that names each line that cannot be used, and repeats no value
 */
export function readEnvFile(file: string, known: readonly string[]): Variables {
  if (!existsSync(file)) return {};
  const text = decode(file, bytesOf(file));
  const problems = linesOf(text).flatMap(({ number, line }) => {
    const problem = problemOf(line, known);
    return problem === undefined ? [] : [`${file}, line ${number}: ${problem}`];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return parseEnv(text);
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigError([`${file}: cannot be read (${(error as Error).message}); make it readable or remove it`]);
  }
}

/** A zero byte is in no text but UTF-16 or UTF-32: Windows' PowerShell writes it with `>`. */
function decode(file: string, bytes: Buffer): string {
  const isWide = bytes.includes(0) || [0xfeff, 0xfffe].includes(bytes.length < 2 ? 0 : bytes.readUInt16BE(0));
  if (isWide) throw new ConfigError([`${file}, line 1: is UTF-16, of which nothing is read; save the file as UTF-8`]);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** The lines that begin something: a value in quotes may go on over several. */
function linesOf(text: string): { number: number; line: string }[] {
  const lines: { number: number; line: string }[] = [];
  let open: string | undefined;
  text.split(/\r\n|\n|\r/).forEach((line, i) => {
    if (open === undefined) lines.push({ number: i + 1, line });
    open = open === undefined ? opened(line) : line.includes(open) ? undefined : open;
  });
  return lines;
}

/** The quote that a line opens and does not close. */
function opened(line: string): string | undefined {
  const [, quote, rest = ''] = /^[^#=]*=\s*(["'`])(.*)$/.exec(line) ?? [];
  return quote === undefined || rest.includes(quote) ? undefined : quote;
}

const ASSIGNMENT = /^\s*(?:export\s+)?([\w.-]+)\s*=/;
const YAML = /^\s*(?:-\s+)?["']?([\w.-]+)["']?\s*:(?:\s|$)/;

function problemOf(line: string, known: readonly string[]): string | undefined {
  if (/^\s*(?:#|$)/.test(line)) return undefined;
  const name = ASSIGNMENT.exec(line)?.[1];
  if (name !== undefined) {
    const meant = known.includes(name) ? undefined : known.find((other) => other === name.toUpperCase());
    return meant && `${name} is in lower-case letters, which nobody reads; write ${meant}=…`;
  }
  const key = YAML.exec(line)?.[1];
  if (key !== undefined) return `${key} is written as in YAML, with a colon; write ${key.toUpperCase()}=…`;
  return 'is neither NAME=value nor a comment; put a # in front of it, or write the name and an equals sign';
}
