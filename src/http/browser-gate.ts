import type { IncomingHttpHeaders } from 'node:http';
import { ForbiddenException } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { readHost, type HostNames } from './host-names.js';

type Middleware = (request: Request, response: Response, next: NextFunction) => void;

/**
 * Turns away what a browser asks on behalf of a foreign page, on every path: under a name that is not ours, or from another
 * origin. Other clients send no such headers, or their own name for us.
 */
export function browserGate(names: HostNames): Middleware {
  return (request, _response, next) => {
    const { headers } = request;
    if (!isForUs(headers, names)) return next(foreignHost());
    if (isFromElsewhere(headers, names) && !isNavigation(request)) return next(foreignOrigin());
    next();
  };
}

/** Every browser names a host; what names none is an old probe. */
function isForUs({ host }: IncomingHttpHeaders, names: HostNames): boolean {
  if (host === undefined) return true;
  const named = readHost(host);
  return named !== undefined && names.knows(named.name);
}

/**
 * A browser says where a call comes from: all of them say `Origin` on what is more than a look, and over https or on this
 * machine also `Sec-Fetch-Site`, which is right whatever name a proxy has put into `Host`.
 */
function isFromElsewhere(headers: IncomingHttpHeaders, names: HostNames): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && !isOurOrigin(headers, names);
}

/**
 * Whether a browser says that a page of ours made this call. What a browser adds to each call by itself, such as a cookie, lets
 * only those change things.
 */
export function isFromOurPage(headers: IncomingHttpHeaders, names: HostNames): boolean {
  const site = headers['sec-fetch-site'];
  return site === undefined ? isOurOrigin(headers, names) : site === 'same-origin';
}

function isOurOrigin({ origin, host }: IncomingHttpHeaders, names: HostNames): boolean {
  if (origin === undefined || !URL.canParse(origin)) return false;
  const { host: from, hostname } = new URL(origin);
  return from === host?.toLowerCase() || names.lists(hostname);
}

/** Somebody follows a link to us: the page it is on sees nothing of the answer. */
function isNavigation({ method, headers }: Request): boolean {
  const looks = method === 'GET' || method === 'HEAD';
  return looks && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
}

function foreignHost(): ForbiddenException {
  return new ForbiddenException({
    code: 'HOST_NOT_ALLOWED',
    message:
      'The name in the header "Host" is not known to be ours, so that a foreign web page might be behind this call; ' +
      'use an address, or add the name to HTTP_ALLOWED_HOSTS.',
  });
}

function foreignOrigin(): ForbiddenException {
  return new ForbiddenException({
    code: 'ORIGIN_NOT_ALLOWED',
    message:
      'A web page of another origin may not call this service; serve the page from the same origin, ' +
      'or add its host to HTTP_ALLOWED_HOSTS.',
  });
}
