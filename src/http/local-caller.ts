import type { Request } from 'express';
import { isLoopback, isLoopbackName, readHost } from './host-names.js';
import { userAcross } from './peer-user.js';

/** What proxies say of those they speak for. */
const SPOKEN_FOR =
  /^(?:forwarded|via|x-forwarded-.+|x-real-ip|x-client-ip|x-original-.+|x-envoy-.+|.+-(?:connecting|client)-ip)$/;

/**
 * Whether a call comes from a process of this machine that speaks for nobody else. A proxy on this machine is local too, so
 * each sign of one counts: what it says of its clients, another host or port than ours, HTTP/1.0 as nginx speaks it by
 * default, and a user who is neither root nor the one this service runs as.
 */
export async function isLocalCaller(request: Request): Promise<boolean> {
  const { socket, httpVersion } = request;
  if (!isLoopback(socket.remoteAddress) || httpVersion === '1.0' || isSpokenFor(request)) return false;
  return isForThisPort(request) && !isFromForeignPage(request) && isTrusted(await userAcross(socket));
}

function isSpokenFor({ headers }: Request): boolean {
  return Object.keys(headers).some((name) => SPOKEN_FOR.test(name));
}

/** A proxy that calls us by a name of its own, or passes on what its client called it. */
function isForThisPort({ headers, socket }: Request): boolean {
  const named = readHost(headers.host);
  return named !== undefined && isLoopbackName(named.name) && named.port === socket.localPort;
}

/** Our own pages are served by this very host. */
function isFromForeignPage({ headers: { origin, host } }: Request): boolean {
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
}

/** @param user undefined where the system does not tell */
function isTrusted(user: number | undefined): boolean {
  return user === undefined || user === 0 || user === process.getuid?.();
}
