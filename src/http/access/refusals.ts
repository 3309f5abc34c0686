import { BadRequestException, ForbiddenException, UnauthorizedException } from '@nestjs/common';
import { RateLimitedError } from '../../job/errors.js';
import type { Caller, Role } from './caller.js';

/** Nobody said who may make a call. */
export function accessNotSet(): ForbiddenException {
  return new ForbiddenException({
    code: 'ACCESS_NOT_SET',
    message: 'The service does not say who may make this call, so that nobody may; this is a fault of the service.',
  });
}

/** There is no token, and the call comes from elsewhere. */
export function localOnly(): ForbiddenException {
  return new ForbiddenException({
    code: 'CONTROL_LOCAL_ONLY',
    message:
      'Without CONTROL_TOKEN this call is accepted from this machine only: from root or the user of the service, without ' +
      'a proxy, addressed to localhost or 127.0.0.1 and its port. Set CONTROL_TOKEN to call it in any other way.',
  });
}

/** What a caller would have to be; `metrics`: who scrapes. */
export type Lacked = readonly Role[] | 'metrics';

/** How a call that lacks a token can be made. */
export interface Lack {
  readonly least: Lacked;
  /** There are more tokens than CONTROL_TOKEN. */
  readonly hasOthers: boolean;
  /** It brought one, or a cookie, that is worth nothing. */
  readonly brought: 'nothing' | 'a wrong token' | 'an old cookie';
}

/** A call without a token that is worth something. */
export function tokenRequired({ least, hasOthers, brought }: Lack): UnauthorizedException {
  const isControl = least !== 'metrics' && least.every((role) => role === 'operator');
  return new UnauthorizedException({
    code: isControl ? 'CONTROL_TOKEN_REQUIRED' : 'TOKEN_REQUIRED',
    message: `${BROUGHT[brought]}${needOf(least, hasOthers)}`,
  });
}

function needOf(least: Lacked, hasOthers: boolean): string {
  if (least === 'metrics') {
    return 'This call needs the header "Authorization: Bearer <METRICS_TOKEN>", or the token of a viewer in its place.';
  }
  if (!hasOthers) return 'This call needs the header "Authorization: Bearer <CONTROL_TOKEN>".';
  const token = `the token of ${nounOf(least)}`;
  return `This call needs ${token}: the header "Authorization: Bearer <token>", or a sign-in by POST /api/v1/session.`;
}

const BROUGHT = {
  nothing: '',
  'a wrong token': 'The token is none that is known here. ',
  'an old cookie': 'The sign-in is over: it is older than 12 hours, or its token is no longer valid. ',
} as const;

/** The caller is known, and may not. */
export function roleTooLow({ name, role }: Caller, least: readonly Role[]): ForbiddenException {
  const message = `This call is for ${nounOf(least)}, and ${name} is ${withArticle(role)}.`;
  return new ForbiddenException({ code: 'ROLE_TOO_LOW', message });
}

/** A page of somebody else's may be behind the call. */
export function notFromOurPage(): ForbiddenException {
  return new ForbiddenException({
    code: 'ORIGIN_REQUIRED',
    message:
      'A call that changes something and goes by a cookie or a sign-on proxy needs the header "Sec-Fetch-Site: same-origin", or an ' +
      '"Origin" that is this host, as browsers send them; a program sends "Authorization: Bearer <token>" instead.',
  });
}

/** A token that nobody knows was sent to sign in. */
export function wrongToken(): UnauthorizedException {
  const message = 'The token is none that is known here; ask an operator for one.';
  return new UnauthorizedException({ code: 'TOKEN_WRONG', message });
}

/** Too many wrong ones came from there. */
export function tooManyTries(waitMs: number): RateLimitedError {
  const message = 'Too many wrong tokens came from your address; wait a minute, then send the right one.';
  return new RateLimitedError('TOO_MANY_WRONG_TOKENS', message, waitMs);
}

/** There is nothing to sign in with. */
export function noTokensHere(): BadRequestException {
  const message = 'The service has no tokens, so that nobody signs in; set CONTROL_TOKEN or TOKENS_FILE.';
  return new BadRequestException({ code: 'NO_TOKENS', message });
}

/** The browser would not keep the cookie. */
export function needsHttps(): BadRequestException {
  const message =
    'Over plain http browsers keep no sign-in, and the token can be read on its way; open the page over https.';
  return new BadRequestException({ code: 'SIGN_IN_NEEDS_HTTPS', message });
}

function nounOf(least: readonly Role[]): string {
  return least.map(withArticle).join(' or ');
}

function withArticle(role: Role): string {
  return `${/^[aeiou]/.test(role) ? 'an' : 'a'} ${role}`;
}
