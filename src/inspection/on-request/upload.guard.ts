import { Injectable, PayloadTooLargeException, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Config } from '../../config/config.js';
import { bodyCutOff, hasBody } from '../../http/body-bounds.js';
import { Uploads, type Upload } from './uploads.js';

/** What a form has beside its file. bytes */
const AROUND_THE_FILE = 64 * 1024;

/** Bounds an upload while it arrives: how many there are, and the size of each, whatever it says of itself. */
@Injectable()
export class UploadGuard implements CanActivate {
  private readonly maxBytes: number;

  constructor(
    private readonly uploads: Uploads,
    { detection }: Config,
  ) {
    this.maxBytes = detection.uploadMaxBytes + AROUND_THE_FILE;
  }

  /** @throws RateLimitedError BUSY; PayloadTooLargeException */
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    if (!hasBody(request)) return true;
    if (Number(request.headers['content-length'] ?? 0) > this.maxBytes) throw new PayloadTooLargeException(tooLarge());
    const upload = this.uploads.begin(({ code, message, retryAfterMs }) => {
      if (!response.headersSent) response.set('Retry-After', String(Math.ceil(retryAfterMs / 1_000)));
      bodyCutOff(response, { status: 429, code, message });
    });
    const finish = (): void => this.uploads.finish(upload);
    for (const over of ['end', 'close'] as const) request.once(over, finish);
    response.once('close', finish);
    this.count(request, response, upload);
    return true;
  }

  private count(request: Request, response: Response, upload: Upload): void {
    // Listening would make the body flow before its reader is there.
    request.pause();
    request.on('data', (piece: Buffer) => {
      upload.bytes += piece.length;
      if (upload.bytes > this.maxBytes) bodyCutOff(response, { status: 413, ...tooLarge() });
    });
  }
}

function tooLarge(): { code: string; message: string } {
  return { code: 'TOO_LARGE', message: 'The upload is larger than UPLOAD_MAX_MB allows; send a smaller picture.' };
}
