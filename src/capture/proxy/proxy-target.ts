import { hostOf, portOf } from '../../outbound/outbound-policy.js';
import type { ProxyTarget } from './proxy-exchange.js';

/** A server as a request names it. */
export type Authority = Pick<ProxyTarget, 'host' | 'port' | 'authority'>;

/** Nothing that two readers of a URL could take for the end of the host: no user info, backslash, blank or escape. */
const AUTHORITY = /^[a-z0-9._:[\]-]+$/i;

/** Reads the request line of a plain request, `http://host:port/path?query`; null for anything else. */
export function readTarget(url: string): ProxyTarget | null {
  const parts = /^http:\/\/([^/?#]+)([/?][^#]*)?/i.exec(url);
  const authority = parts === null ? null : readServer('http', parts[1] ?? '');
  if (parts === null || authority === null) return null;
  const rest = parts[2] ?? '/';
  return { ...authority, secure: false, path: rest.startsWith('/') ? rest : `/${rest}` };
}

/** Reads the request line of a CONNECT, `host:port`; null for anything else. */
export function readAuthority(text: string): Authority | null {
  return readServer('https', text);
}

function readServer(scheme: string, text: string): Authority | null {
  const url = `${scheme}://${text}/`;
  if (!AUTHORITY.test(text) || !URL.canParse(url)) return null;
  const parsed = new URL(url);
  return { host: hostOf(parsed), port: portOf(parsed), authority: parsed.host };
}
