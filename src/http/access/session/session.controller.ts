import { Body, Controller, Delete, Get, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Access } from '../access.decorator.js';
import { ActionLog } from '../action-log.js';
import { Doorkeeper } from '../doorkeeper.js';
import type { Caller } from '../caller.js';
import { callOf, isPlainPage, sessionCookieFor, sessionCookieNames } from '../credentials.js';
import { needsHttps, noTokensHere } from '../refusals.js';
import { SESSION_MS } from './session-cookie.js';
import { SessionDto, SignInDto } from './session.dto.js';

/** Sign-in for browsers: a token is taken for a cookie that no script can read. */
@ApiTags('session')
@Controller('api/v1/session')
export class SessionController {
  constructor(
    private readonly door: Doorkeeper,
    private readonly actions: ActionLog,
  ) {}

  @Post()
  @Access('open')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Signs in with a token: sets a cookie that lasts 12 hours, or until the token is withdrawn',
  })
  @ApiOkResponse({ type: SessionDto })
  signIn(
    @Body() { token }: SignInDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): SessionDto {
    if (!this.door.isGuarded) throw noTokensHere();
    if (isPlainPage(request)) throw needsHttps();
    const { caller, cookie, expiresAt } = this.door.signIn(request, token);
    const { name, options } = sessionCookieFor(request);
    response.setHeader('Cache-Control', 'no-store');
    response.cookie(name, cookie, { ...options, maxAge: SESSION_MS, encode: String });
    this.note(request, caller, 200);
    return this.dtoOf(caller, expiresAt);
  }

  @Get()
  @Access('viewer', 'client')
  @ApiOperation({ summary: 'Who I am here, and what I may do' })
  @ApiOkResponse({ type: SessionDto })
  async show(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<SessionDto> {
    response.setHeader('Cache-Control', 'no-store');
    const caller = await this.door.whoIs(request);
    return this.dtoOf(caller, caller.via === 'cookie' ? this.door.sessionOf(request)?.expiresAt : undefined);
  }

  @Delete()
  @Access('open')
  @HttpCode(204)
  @ApiOperation({ summary: 'Signs out: the browser forgets its cookie' })
  signOut(@Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    const session = this.door.sessionOf(request);
    if (session !== undefined) this.note(request, { ...session.token, via: 'cookie' }, 204);
    for (const { name, secure } of sessionCookieNames()) {
      response.clearCookie(name, { httpOnly: true, sameSite: 'strict', path: '/', secure });
    }
  }

  private note(request: Request, { name, role, via }: Caller, status: number): void {
    this.actions.note({ name, role, via, from: request.ip ?? '', call: callOf(request), status });
  }

  private dtoOf({ name, role, via }: Caller, expiresAt?: number): SessionDto {
    const ends = expiresAt === undefined ? null : new Date(expiresAt).toISOString();
    return { name, role, via, expiresAt: ends, canSignIn: this.door.isGuarded };
  }
}
