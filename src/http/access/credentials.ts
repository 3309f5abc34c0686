import { BadRequestException } from '@nestjs/common';
import type { CookieOptions, Request } from 'express';
import { isLoopback, isLoopbackName, readHost } from '../host-names.js';

/** A browser lets nobody but this very host set a cookie of this name, and only over https. */
const SECURE_COOKIE = '__Host-roadstream';
/** Over plain http, which is good enough within this machine, browsers take no such cookie. */
const PLAIN_COOKIE = 'roadstream';

/**
 * A header that may come once. A second one would be a quarrel: we would go by one of them, and a proxy in front by the other.
 * @throws BadRequestException HEADER_TWICE
 */
export function singleHeader(request: Request, name: string): string | undefined {
  const values = request.headersDistinct[name] ?? [];
  if (values.length > 1) {
    const message = `The header "${name}" came more than once; send it once.`;
    throw new BadRequestException({ code: 'HEADER_TWICE', message });
  }
  return values[0];
}

/** The token that a call brings in `Authorization`; undefined when it brings none. */
export function bearerOf(request: Request): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(singleHeader(request, 'authorization') ?? '')?.[1];
}

/** The values of cookies that may be ours, the one that is to be believed first. */
export function sessionCookiesOf(request: Request): string[] {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim());
  const names = isPlainAndLocal(request) ? [SECURE_COOKIE, PLAIN_COOKIE] : [SECURE_COOKIE];
  return names.flatMap((name) => {
    const values = pairs.flatMap((pair) => (pair.startsWith(`${name}=`) ? [pair.slice(name.length + 1)] : []));
    // Of two of the same name one was slipped in.
    return values.length === 1 ? values : [];
  });
}

/** Under which name and how a browser that makes this call should keep its cookie. */
export function sessionCookieFor(request: Request): { name: string; options: CookieOptions } {
  const isPlain = isPlainAndLocal(request);
  const options = { httpOnly: true, sameSite: 'strict', path: '/', secure: !isPlain } as const;
  return { name: isPlain ? PLAIN_COOKIE : SECURE_COOKIE, options };
}

/** All names that a browser may have kept it under. */
export function sessionCookieNames(): { name: string; secure: boolean }[] {
  return [
    { name: SECURE_COOKIE, secure: true },
    { name: PLAIN_COOKIE, secure: false },
  ];
}

/** Whether a browser says that its page came over plain http from another machine, where it would drop the cookie. */
export function isPlainPage({ headers: { origin } }: Request): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const { protocol, hostname } = new URL(origin);
  return protocol === 'http:' && !isLoopbackName(hostname.replace(/^\[|\]$/g, ''));
}

/** Whether a call changes something; the others may be made by a link or a picture. */
export function isChange({ method }: Request): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(method);
}

function isPlainAndLocal(request: Request): boolean {
  const { secure, socket, headers } = request;
  const isHttpsPage = headers.origin?.startsWith('https:') ?? false;
  return (
    !secure && !isHttpsPage && isLoopback(socket.remoteAddress) && isLoopbackName(readHost(headers.host)?.name ?? '')
  );
}

const LONGEST_CALL = 300;

/** A call as the log of actions names it: method and path. A query may hold secrets. */
export function callOf({ method, originalUrl }: Request): string {
  return `${method} ${originalUrl.split('?', 1)[0] ?? ''}`.slice(0, LONGEST_CALL);
}
