import { isIP } from 'node:net';

/** As much of a request's target as cookies depend on. */
export interface CookieTarget {
  readonly secure: boolean;
  /** Lower case, without brackets. */
  readonly host: string;
  /** Path and query. */
  readonly path: string;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly domain: string;
  /** Goes to `domain` only, not to what is below it. */
  readonly isHostOnly: boolean;
  readonly path: string;
  readonly isSecure: boolean;
}

/** As browsers allow. Characters; cookies. */
const LONGEST = 4096;
const MOST_COOKIES = 50;
/** Servers refuse longer headers. Characters. */
const LONGEST_HEADER = 8192;

/**
 * The cookies of one session, by RFC 6265. ffmpeg's own memory of cookies is not used: through a proxy it compares a cookie's
 * path with a whole URL, and it hands cookies to hosts whose names only end alike.
 */
export class CookieJar {
  private readonly cookies = new Map<string, Cookie>();

  /** Notes what a server set. What is against the rules is left out. */
  take(target: CookieTarget, lines: readonly string[], now = Date.now()): void {
    for (const line of lines) {
      const cookie = readCookie(line, target);
      if (cookie === undefined) continue;
      const key = `${cookie.domain} ${cookie.path} ${cookie.name}`;
      this.cookies.delete(key);
      if (isOver(line, now)) continue;
      this.cookies.set(key, cookie);
      if (this.cookies.size > MOST_COOKIES) this.cookies.delete(this.cookies.keys().next().value ?? '');
    }
  }

  /**
   * The `Cookie` header of a request; undefined when there is none.
   * @param own cookies of the operator, as such a header; those of the server replace them by name
   */
  header(target: CookieTarget, own = ''): string | undefined {
    const mine = own.split(';').flatMap((pair) => pair.trim() || []);
    const theirs = [...this.cookies.values()]
      .filter((cookie) => goesTo(cookie, target))
      .sort((a, b) => b.path.length - a.path.length);
    const isReplaced = (pair: string): boolean => theirs.some(({ name }) => pair.startsWith(`${name}=`));
    const pairs = [...mine.filter((pair) => !isReplaced(pair)), ...theirs.map(({ name, value }) => `${name}=${value}`)];
    let length = 0;
    const fitting = pairs.filter((pair) => (length += pair.length + 2) <= LONGEST_HEADER);
    return fitting.length === 0 ? undefined : fitting.join('; ');
  }
}

function readCookie(line: string, target: CookieTarget): Cookie | undefined {
  const [pair = ''] = line.split(';', 1);
  const [, name = '', value = ''] = /^\s*([^=\s;,]+)\s*=\s*([\x21-\x7e ]*?)\s*$/.exec(pair) ?? [];
  if (name === '' || line.length > LONGEST) return undefined;
  const domain = (attribute(line, 'domain') ?? '').toLowerCase().replace(/^\./, '');
  const path = attribute(line, 'path');
  const isSecure = attribute(line, 'secure') !== undefined;
  if (isSecure && !target.secure) return undefined;
  const isHostOnly = domain === '' || domain === target.host;
  // A name of one label is nobody's domain, and what is below an address does not exist.
  if (!isHostOnly && (!domain.includes('.') || !isWithin(target.host, domain))) return undefined;
  return {
    ...{ name, value, isSecure },
    domain: isHostOnly ? target.host : domain,
    isHostOnly: domain === '' || isIP(target.host) !== 0,
    path: path?.startsWith('/') === true ? path : folderOf(target.path),
  };
}

function isOver(line: string, now: number): boolean {
  const age = attribute(line, 'max-age');
  if (age !== undefined && /^-?\d+$/.test(age)) return Number(age) <= 0;
  const expires = attribute(line, 'expires');
  return expires !== undefined && Date.parse(expires) <= now;
}

/** The last of that name counts. Empty for one without a value. */
function attribute(line: string, name: string): string | undefined {
  const found = line
    .split(';')
    .slice(1)
    .map((part) => part.trim())
    .findLast((part) => part.split('=', 1)[0]?.trim().toLowerCase() === name);
  return found === undefined ? undefined : found.slice(name.length).replace(/^\s*=\s*/, '');
}

function goesTo({ domain, isHostOnly, path, isSecure }: Cookie, target: CookieTarget): boolean {
  if (isSecure && !target.secure) return false;
  if (isHostOnly ? target.host !== domain : !isWithin(target.host, domain)) return false;
  const [asked = '/'] = target.path.split('?', 1);
  return asked === path || asked.startsWith(path.endsWith('/') ? path : `${path}/`);
}

function isWithin(host: string, domain: string): boolean {
  return host === domain || (isIP(host) === 0 && host.endsWith(`.${domain}`));
}

/** Where a cookie belongs that names no path. */
function folderOf(path: string): string {
  const [file = '/'] = path.split('?', 1);
  return file.slice(0, Math.max(1, file.lastIndexOf('/')));
}
