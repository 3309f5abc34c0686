import { existsSync, readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join, normalize } from 'node:path';
import type { HlsMedia } from './hls-media.js';

/** Answers one request in its own way. */
export type Script = (request: IncomingMessage, response: ServerResponse) => void;

export interface HlsOriginOptions {
  /** PEM; makes it an https server. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Port 0 by default: a free one. */
  readonly port?: number;
}

/** Segments that a live playlist shows at once. */
const WINDOW = 4;

/**
 * A camera's HLS server for tests, on 127.0.0.1. Its first path element says how it behaves:
 *
 * - a clip's name (`/vod/index.m3u8`): that clip
 * - `/live/…`, `/frozen/…`, `/ends/…`: the clip `vod` as a live stream that goes on, stands still, or ends in 404 after 1 s
 * - `/day/…`: the clip `day`, ten minutes, as a live stream for long tests
 * - `/status/503/…`: that status; `/hang/…`, `/html/…`, `/empty/…`; `/drip/…`: one byte a second
 * - `/dead/404/…`: a good playlist whose segments all give that status
 * - `/php/…`, `/bare/…`: segments called `clip.php?n=1`, or without extension
 * - `/master/…`: the clips low, vod and high as variants; `/loop/…`: a master playlist that names itself
 * - `/many/…`: 10,000 segments that do not exist
 * - `/token/…`: 403 without `?token=secret`, which its playlist hands on; `/basic/…`: 401 without user `cam`, password `pw`
 * - `/redirect/…`: 302 to the query; whatever a test scripts with `on`
 */
export class HlsOrigin {
  /** Path and query of every request, in order. */
  readonly requests: string[] = [];
  private readonly scripts = new Map<string, Script>();
  private readonly sockets = new Set<Socket>();
  private readonly startedAt = Date.now();
  private readonly server: Server;

  private constructor(
    readonly media: HlsMedia,
    private readonly options: HlsOriginOptions,
  ) {
    const answer = (request: IncomingMessage, response: ServerResponse): void => this.answer(request, response);
    this.server = options.tls === undefined ? createHttpServer(answer) : createHttpsServer(options.tls, answer);
    this.server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  static async start(media: HlsMedia, options: HlsOriginOptions = {}): Promise<HlsOrigin> {
    const origin = new HlsOrigin(media, options);
    await new Promise<void>((resolve) => origin.server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return origin;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections open right now. */
  get connections(): number {
    return this.sockets.size;
  }

  /** @param host a name that leads here, when the address itself will not do */
  url(path: string, host = '127.0.0.1'): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://${host}:${this.port}${path}`;
  }

  /** Scripts one path (without its query). */
  on(path: string, script: Script): void {
    this.scripts.set(path, script);
  }

  /** Serves a text at a path, as a playlist. */
  serve(path: string, text: string): void {
    this.on(path, (_request, response) => sendPlaylist(response, text));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const url = request.url ?? '/';
    this.requests.push(url);
    const { pathname, search } = new URL(url, 'http://origin');
    const script = this.scripts.get(pathname);
    if (script !== undefined) return script(request, response);
    const [, behaviour = '', ...rest] = pathname.split('/');
    const handler = this.behaviours[behaviour] ?? (() => this.sendFile(response, pathname));
    handler(response, rest, decodeURIComponent(search.slice(1)), request);
  }

  private readonly behaviours: Record<
    string,
    (response: ServerResponse, rest: string[], query: string, request: IncomingMessage) => void
  > = {
    status: (response, [status]) => response.writeHead(Number(status), { 'retry-after': '7' }).end(),
    hang: () => {},
    html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in first</html>'),
    empty: (response) => response.writeHead(200).end(),
    drip: (response) => this.drip(response),
    live: (response, [file]) => this.sendLive(response, file, this.elapsed()),
    day: (response, [file]) => this.sendLive(response, file, this.elapsed(), 'day'),
    frozen: (response, [file]) => this.sendLive(response, file, 1),
    ends: (response, [file]) => this.sendEnding(response, file),
    dead: (response, [status, file]) => this.sendDead(response, Number(status), file),
    php: (response, [file], query) => this.sendRenamed(response, file, query, (n) => `clip.php?${n}`),
    bare: (response, [file]) => this.sendRenamed(response, file, file ?? '', (n) => `${n}`),
    master: (response) => sendPlaylist(response, MASTER),
    loop: (response) => sendPlaylist(response, '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1000\nindex.m3u8\n'),
    many: (response, [file]) => this.sendMany(response, file),
    token: (response, [file], query) => this.sendGuarded(response, file, query),
    basic: (response, [file], _query, request) => this.sendToUser(response, file, request),
    redirect: (response, _rest, query) => response.writeHead(302, { location: query }).end(),
  };

  private elapsed(): number {
    return Math.floor((Date.now() - this.startedAt) / 1000);
  }

  private sendLive(response: ServerResponse, file = '', position: number, clip = 'vod'): void {
    if (!file.endsWith('.m3u8')) return this.sendFile(response, `/${clip}/${file}`);
    const segments = this.segments(clip);
    const first = Math.min(position, segments.length - WINDOW);
    const head = `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:${first}\n`;
    sendPlaylist(
      response,
      head +
        segments
          .slice(first, first + WINDOW)
          .map((name) => `#EXTINF:1,\n${name}\n`)
          .join(''),
    );
  }

  private sendEnding(response: ServerResponse, file = ''): void {
    const played = this.requests.filter((url) => url.startsWith('/ends/') && url.endsWith('.ts')).length;
    if (file.endsWith('.m3u8') && played >= 3) return void response.writeHead(404).end();
    this.sendLive(response, file, 0);
  }

  private sendDead(response: ServerResponse, status: number, file = ''): void {
    if (file.endsWith('.m3u8')) return this.sendFile(response, `/vod/${file}`);
    response.writeHead(status).end();
  }

  private sendRenamed(response: ServerResponse, file = '', segment: string, name: (n: number) => string): void {
    const segments = this.segments('vod');
    if (!file.endsWith('.m3u8')) return this.sendFile(response, `/vod/${segments[Number(segment)]}`);
    const playlist = segments.reduce(
      (text, old, n) => text.replace(old, name(n)),
      this.read('/vod/index.m3u8').toString(),
    );
    sendPlaylist(response, playlist);
  }

  private sendMany(response: ServerResponse, file = ''): void {
    if (!file.endsWith('.m3u8')) return void response.writeHead(404).end();
    const segments = Array.from({ length: 10_000 }, (_, n) => `#EXTINF:1,\nsegment-${n}.ts\n`).join('');
    sendPlaylist(response, `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${segments}#EXT-X-ENDLIST\n`);
  }

  private sendGuarded(response: ServerResponse, file = '', query: string): void {
    if (query !== 'token=secret') return void response.writeHead(403).end();
    if (!file.endsWith('.m3u8')) return this.sendFile(response, `/vod/${file}`);
    sendPlaylist(response, this.read('/vod/index.m3u8').toString().replace(/\.ts$/gm, '.ts?token=secret'));
  }

  private sendToUser(response: ServerResponse, file = '', { headers }: IncomingMessage): void {
    const expected = `Basic ${Buffer.from('cam:pw').toString('base64')}`;
    if (headers.authorization === expected) return this.sendFile(response, `/vod/${file}`);
    response.writeHead(401, { 'www-authenticate': 'Basic realm="camera"' }).end();
  }

  private drip(response: ServerResponse): void {
    const text = this.read('/vod/index.m3u8');
    let sent = 0;
    const timer = setInterval(() => response.write(text.subarray(sent, ++sent)), 1000);
    response.once('close', () => clearInterval(timer));
  }

  private segments(clip: string): string[] {
    return (
      this.read(`/${clip}/index.m3u8`)
        .toString()
        .match(/^index\d+\.ts$/gm) ?? []
    );
  }

  private sendFile(response: ServerResponse, path: string): void {
    const isThere = existsSync(join(this.media.folder, normalize(path)));
    response.writeHead(isThere ? 200 : 404).end(isThere ? this.read(path) : undefined);
  }

  private read(path: string): Buffer {
    return readFileSync(join(this.media.folder, normalize(path)));
  }
}

const MASTER = [
  '#EXTM3U',
  '#EXT-X-STREAM-INF:BANDWIDTH=100000,RESOLUTION=160x90\n/low/index.m3u8',
  '#EXT-X-STREAM-INF:BANDWIDTH=900000,RESOLUTION=640x360\n/high/index.m3u8',
  '#EXT-X-STREAM-INF:BANDWIDTH=300000,RESOLUTION=320x180\n/vod/index.m3u8',
  '',
].join('\n');

function sendPlaylist(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' }).end(text);
}
