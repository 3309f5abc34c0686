import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import type { AccessConfig } from '../../config/config.js';
import type { Clock } from '../../lib/clock.js';
import { isFromOurPage } from '../browser-gate.js';
import type { HostNames } from '../host-names.js';
import { isLocalCaller } from '../local-caller.js';
import { NAMELESS, reaches, type Caller, type Role } from './caller.js';
import { bearerOf, isChange, sessionCookiesOf } from './credentials.js';
import {
  localOnly,
  notFromOurPage,
  roleTooLow,
  tokenRequired,
  tooManyTries,
  wrongToken,
  type Lack,
  type Lacked,
} from './refusals.js';
import { SESSION_MS, type OpenedSession, type SessionCookies } from './session/session-cookie.js';
import type { SignInAlarm } from './sign-in-alarm.js';
import type { SignOn } from './sign-on.js';
import { FailedTries } from './tokens/failed-tries.js';
import type { TokenBook } from './tokens/token-book.js';
import { tokenDigest, type AccessToken } from './tokens/tokens-file.js';

const ANYBODY: Caller = { name: NAMELESS.anybody, role: 'viewer', via: 'nothing' };
const THIS_MACHINE: Caller = { name: NAMELESS.machine, role: 'operator', via: 'machine' };
const SCRAPER: Caller = { name: NAMELESS.metrics, role: 'viewer', via: 'token' };

/** What it takes to know callers. */
export interface DoorParts {
  readonly access: AccessConfig;
  readonly book: TokenBook;
  readonly cookies: SessionCookies;
  readonly signOn: SignOn | undefined;
  readonly names: HostNames;
  readonly clock: Clock;
  readonly alarm: SignInAlarm;
}

/** Somebody who signed in. */
export interface SignedIn {
  readonly caller: Caller;
  readonly cookie: string;
  /** ms since the epoch */
  readonly expiresAt: number;
}

/** Knows who calls, and says whether they may. */
export class Doorkeeper {
  private readonly tries = new FailedTries();
  private readonly scraper: Buffer | undefined;

  constructor(private readonly parts: DoorParts) {
    const { metricsToken } = parts.access;
    this.scraper = metricsToken === undefined ? undefined : tokenDigest(metricsToken);
  }

  /** Whether callers have to say who they are. Without, everybody reads and this machine steers. */
  get isGuarded(): boolean {
    return this.parts.book.isNeeded || this.parts.signOn !== undefined;
  }

  /**
   * Lets in a caller of one of these roles, or above one of these.
   * @param isKnownOnly nobody is let in unknown, though everybody may read
   * @throws UnauthorizedException, ForbiddenException, BadRequestException with a code; RateLimitedError TOO_MANY_WRONG_TOKENS
   */
  async admit(request: Request, least: readonly Role[], isKnownOnly = false): Promise<Caller> {
    const isPublic = !isKnownOnly && this.isPublic(least);
    if (!this.isGuarded) {
      if (least.includes('viewer') && !isKnownOnly) return ANYBODY;
      if (await isLocalCaller(request)) return THIS_MACHINE;
      throw localOnly();
    }
    const caller = this.known(request, least);
    if (caller === undefined) {
      if (isPublic) return ANYBODY;
      throw this.lacking(least, sessionCookiesOf(request).length > 0 ? 'an old cookie' : 'nothing');
    }
    if (!reaches(caller.role, least) && !isPublic) throw roleTooLow(caller, least);
    return caller;
  }

  /** Lets in who scrapes: everybody, or with METRICS_TOKEN who brings that or may read. Throws as {@link admit} does. */
  async admitScraper(request: Request): Promise<Caller> {
    if (this.scraper === undefined) return ANYBODY;
    const text = bearerOf(request);
    const digest = tokenDigest(text ?? '');
    const mayTry = this.tries.waitOf(request.ip, digest) === 0;
    if (mayTry && timingSafeEqual(digest, this.scraper)) {
      this.tries.noteRight(request.ip, digest);
      return SCRAPER;
    }
    if (!this.isGuarded && text === undefined && (await isLocalCaller(request))) return THIS_MACHINE;
    const caller = this.known(request, 'metrics');
    if (caller === undefined) throw this.lacking('metrics', 'nothing');
    if (!reaches(caller.role, ['viewer'])) throw roleTooLow(caller, ['viewer']);
    return caller;
  }

  /** Who calls, as far as anybody can say; throws as {@link admit} does where a caller brings something that is wrong. */
  async whoIs(request: Request): Promise<Caller> {
    if (!this.isGuarded && (await isLocalCaller(request))) return THIS_MACHINE;
    return this.admit(request, ['viewer', 'client']);
  }

  /**
   * Takes a token for a cookie.
   * @throws UnauthorizedException TOKEN_WRONG; RateLimitedError TOO_MANY_WRONG_TOKENS
   */
  signIn(request: Request, text: string): SignedIn {
    const token = this.tried(request, text);
    if (token === undefined) throw this.wrong(request, text, wrongToken());
    const expiresAt = this.parts.clock.now() + SESSION_MS;
    return { caller: callerBy(token, 'cookie'), cookie: this.parts.cookies.seal(token, text, expiresAt), expiresAt };
  }

  /** The sign-in that a call brings in its cookie; undefined when there is none that counts. */
  sessionOf(request: Request): OpenedSession | undefined {
    const { cookies, book, clock } = this.parts;
    for (const value of sessionCookiesOf(request)) {
      const session = cookies.open(value, book.tokens, clock.now());
      if (session !== undefined) return session;
    }
    return undefined;
  }

  /** Whether somebody that was let in still would be: its token may have left the file since, or its sign-in be over. */
  stillKnows(request: Request, { name, role, via }: Caller): boolean {
    if (name === NAMELESS.metrics || (via !== 'token' && via !== 'cookie')) return true;
    const token =
      via === 'cookie' ? this.sessionOf(request)?.token : this.parts.book.find(tokenDigest(bearerOf(request) ?? ''));
    return token?.name === name && token.role === role;
  }

  /** By a token, else by what a sign-on proxy says, else by a cookie. */
  private known(request: Request, least: Lacked): Caller | undefined {
    const text = bearerOf(request);
    const token = text === undefined ? undefined : this.tried(request, text);
    if (token !== undefined) return callerBy(token, 'token');
    // What such a proxy passes on may be a token of its own.
    const ambient = this.parts.signOn?.callerOf(request) ?? (text === undefined ? this.bySession(request) : undefined);
    if (ambient === undefined) {
      if (text !== undefined) throw this.wrong(request, text, this.lacking(least, 'a wrong token'));
      return undefined;
    }
    // A browser brings these along whichever page asks.
    if (isChange(request) && !isFromOurPage(request.headers, this.parts.names)) throw notFromOurPage();
    return ambient;
  }

  private isPublic(least: readonly Role[]): boolean {
    return this.parts.access.publicRead && least.includes('viewer');
  }

  private bySession(request: Request): Caller | undefined {
    const session = this.sessionOf(request);
    return session === undefined ? undefined : callerBy(session.token, 'cookie');
  }

  /** The token that a text is, unless its sender tried too many. */
  private tried(request: Request, text: string): AccessToken | undefined {
    const digest = tokenDigest(text);
    if (this.tries.waitOf(request.ip, digest) > 0) return undefined;
    const token = this.parts.book.find(digest);
    if (token !== undefined) this.tries.noteRight(request.ip, digest);
    return token;
  }

  /** Counts a wrong token; gives what to answer. */
  private wrong(request: Request, text: string, refusal: Error): Error {
    const waitMs = this.tries.waitOf(request.ip, tokenDigest(text));
    if (waitMs > 0) return tooManyTries(waitMs);
    this.parts.alarm.wrong(request, this.tries.noteWrong(request.ip));
    return refusal;
  }

  private lacking(least: Lacked, brought: Lack['brought']): Error {
    const { tokensFile } = this.parts.access;
    return tokenRequired({ least, hasOthers: tokensFile !== undefined || this.parts.signOn !== undefined, brought });
  }
}

function callerBy({ name, role }: AccessToken, via: Caller['via']): Caller {
  return { name, role, via };
}
