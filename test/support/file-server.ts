import { once } from 'node:events';
import { createReadStream, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';

/**
 * An HTTP server with the files of one folder, on 127.0.0.1. Knows ranges, as video players want. Beside them:
 * `/status/404/…`: that status; `/cut/name`: half of the file, then the connection breaks; `/redirect?url`: 302.
 */
export class FileServer {
  /** Path and query of every request, in order. */
  readonly requests: string[] = [];

  private constructor(
    private readonly server: Server,
    private readonly folder: string,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.answer(request, response));
  }

  static async start(folder: string): Promise<FileServer> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FileServer(server, folder);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(String(request.url));
    const { pathname, search } = new URL(String(request.url), this.url('/'));
    const [, behaviour, argument] = pathname.split('/');
    if (behaviour === 'status') return void response.writeHead(Number(argument), { 'retry-after': '7' }).end();
    if (behaviour === 'redirect') {
      return void response.writeHead(302, { location: decodeURIComponent(search.slice(1)) }).end();
    }
    const path = join(this.folder, basename(pathname));
    if (behaviour === 'cut') return this.cut(path, response);
    this.send(path, request, response);
  }

  private send(path: string, { headers }: IncomingMessage, response: ServerResponse): void {
    const { size } = statSync(path);
    const [, first = '0', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    const [start, end] = [Number(first), last === '' ? size - 1 : Number(last)];
    response.writeHead(headers.range === undefined ? 200 : 206, {
      'content-type': 'video/mp4',
      'accept-ranges': 'bytes',
      'content-length': end - start + 1,
      'content-range': `bytes ${start}-${end}/${size}`,
    });
    createReadStream(path, { start, end }).pipe(response);
  }

  private cut(path: string, response: ServerResponse): void {
    const { size } = statSync(path);
    response.writeHead(200, { 'content-length': size });
    const half = createReadStream(path, { end: Math.floor(size / 2) });
    half.pipe(response, { end: false });
    half.on('end', () => setImmediate(() => response.destroy()));
  }
}
