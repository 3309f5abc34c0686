import { fileURLToPath } from 'node:url';
import { Controller, Get, Header, NotFoundException, Param, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Config } from '../config/config.js';
import { Access } from '../http/access/access.decorator.js';
import { contentPolicy } from './content-policy.js';
import { StaticFiles } from './static-files.js';

const BUILT = fileURLToPath(new URL('static', import.meta.url));
const A_YEAR_S = 31_536_000;

/**
 * The page for people, below `/ui/`. It is open, since somebody has to see it to sign in; it holds no data: all that it shows it
 * asks for by the documented calls, as who is signed in.
 */
@ApiExcludeController()
@Access('open')
@Controller('ui')
export class DashboardController {
  private readonly files = new StaticFiles(BUILT);
  private readonly policy: string;

  constructor(config: Config) {
    this.policy = contentPolicy(config.http.mapTilesUrl);
  }

  @Get('assets/:file')
  asset(@Param('file') name: string, @Req() request: Request, @Res() response: Response): void {
    const file = this.files.get(name);
    if (file === undefined) throw notThere();
    const isPacked = file.gzip !== undefined && request.acceptsEncodings('gzip') === 'gzip';
    if (isPacked) response.setHeader('Content-Encoding', 'gzip');
    response.setHeader('Vary', 'Accept-Encoding');
    response.setHeader('Content-Type', file.type);
    const isHashed = /-[A-Z0-9]{8}\.\w+$/.test(name);
    response.setHeader('Cache-Control', isHashed ? `public, max-age=${A_YEAR_S}, immutable` : 'no-cache');
    response.end(isPacked ? file.gzip : file.bytes);
  }

  /** Every address of the page is the same file: which part of it to show, the page reads from its own address. */
  @Get(['', '*path'])
  @Header('Cache-Control', 'no-store')
  page(@Req() request: Request, @Res() response: Response): void {
    const { pathname } = new URL(request.originalUrl.replace(/^\/+/, '/'), 'http://ui');
    if (pathname === '/ui') return response.redirect('ui/');
    const html = this.files.page(pathname.split('/').length - 3);
    if (html === undefined) throw notBuilt();
    response.setHeader('Content-Security-Policy', this.policy);
    response.type('html').end(html);
  }
}

function notThere(): NotFoundException {
  const message = 'The page has no such file; it may be of an older version: load the page again.';
  return new NotFoundException({ code: 'NOT_FOUND', message });
}

function notBuilt(): NotFoundException {
  const message = 'The page was not built with this service; run "npm run build", then start it again.';
  return new NotFoundException({ code: 'PAGE_NOT_BUILT', message });
}
