import {
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  OutboundRefusedError,
  pinnedLookup,
  type AllowedTarget,
  type OutboundPolicy,
} from '../../outbound/outbound-policy.js';
import { inspectPlaylist } from './playlist-inspection.js';
import type { ProxySession } from './proxy-session.js';
import { locationWithAsciiHost } from '../web/ascii-host.js';
import { ContentRefusedError } from '../web/content-refused.error.js';
import { readHead } from '../web/read-head.js';
import { codingsOf, unpacked } from '../web/unpack.js';

/** Where a request goes: read from an absolute URL, or from a CONNECT and the request inside it. */
export interface ProxyTarget {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  /** The authority as the server is to see it. */
  readonly authority: string;
  /** Path and query exactly as ffmpeg wrote them. */
  readonly path: string;
}

const REQUEST_HEADERS = ['user-agent', 'accept', 'range', 'authorization', 'referer', 'if-range'];

/**
 * An allow list, because some headers change what ffmpeg reads: with `Icy-MetaInt` it drops bytes from a body, with
 * `Content-Encoding` it unpacks one, and a playlist could hide from the inspection behind either.
 */
const RESPONSE_HEADERS = [
  ...['content-type', 'content-length', 'content-range', 'accept-ranges', 'location'],
  ...['www-authenticate', 'retry-after', 'date', 'last-modified', 'etag', 'cache-control', 'expires'],
];

/** More than this is not read only to use a connection again. */
const MOST_SKIPPED_BYTES = 64 * 1024;

/** Those that speak of the body as it was packed. */
const OF_PACKED_BODY = ['content-length', 'content-range', 'accept-ranges', 'etag'];

/** One request of ffmpeg and its answer. */
export class ProxyExchange {
  private outgoing: ClientRequest | undefined;
  private body: Readable | undefined;
  private heldBytes = 0;

  constructor(
    private readonly session: ProxySession,
    private readonly policy: OutboundPolicy,
    private readonly connectTimeoutMs: number,
    private readonly target: ProxyTarget,
  ) {}

  /** Never rejects: whatever happens becomes an answer, or the end of the connection once an answer has begun. */
  async run(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.once('close', () => this.leave(response));
    if (!this.session.enter()) return void response.destroy();
    let answer: IncomingMessage | undefined;
    try {
      const allowed = await this.policy.resolve(this.target.host, this.target.port);
      if (response.destroyed) return;
      answer = await this.ask(this.options(allowed, request));
      await this.pass(answer, response);
    } catch (error) {
      answer?.destroy();
      this.fail(error as NodeJS.ErrnoException, response);
    }
  }

  /** Resolves with the head of the answer. */
  private ask(options: RequestOptions): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = (this.target.secure ? httpsRequest : httpRequest)(options);
      this.outgoing = outgoing;
      outgoing.once('socket', (socket) => {
        this.session.adopt(socket);
        this.limitConnecting(outgoing, socket);
      });
      outgoing.once('response', resolve).on('error', reject).end();
    });
  }

  private leave(response: ServerResponse): void {
    this.session.leave();
    this.session.letGo(this.heldBytes);
    this.body?.destroy();
    // A finished exchange leaves its connection to the next one; one that ffmpeg gave up does not.
    if (!response.writableFinished) this.outgoing?.destroy();
  }

  private limitConnecting(outgoing: ClientRequest, socket: Socket): void {
    if (!socket.connecting) return;
    const timeout = Object.assign(new Error('The connection took too long.'), { code: 'ETIMEDOUT' });
    const timer = setTimeout(() => outgoing.destroy(timeout), this.connectTimeoutMs);
    const done = (): void => clearTimeout(timer);
    socket.once(this.target.secure ? 'secureConnect' : 'connect', done).once('close', done);
  }

  private options(allowed: AllowedTarget, request: IncomingMessage): RequestOptions {
    const kept = Object.entries(request.headers).filter(([name]) => REQUEST_HEADERS.includes(name));
    return {
      host: allowed.host,
      port: allowed.port,
      lookup: pinnedLookup(allowed),
      method: 'GET',
      path: this.target.path,
      headers: this.session.ownHeaders(this.target, Object.fromEntries(kept)),
      agent: this.target.secure ? this.session.https : this.session.http,
      // Cameras send headers that no standard knows; what reaches ffmpeg is written anew from the allow list.
      insecureHTTPParser: true,
    };
  }

  private async pass(answer: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = answer.statusCode ?? 502;
    this.session.witness.sawStatus(status, answer.headers['retry-after']);
    this.session.cookies.take(this.target, answer.headers['set-cookie'] ?? []);
    this.checkRedirect(answer);
    if (status >= 400) return this.passFailure(status, answer, response);
    const body = unpacked(answer, this.target.host);
    this.body = body;
    const head = await readHead(body, this.target.host, (bytes) => this.hold(bytes));
    if (head.isPlaylist) this.checkPlaylist(head.bytes);
    if (response.destroyed) return void answer.destroy();
    response.writeHead(status, keptHeaders(answer));
    this.session.witness.sawSettled();
    response.write(this.metered(head.bytes));
    await pipeline(body, this.meter(), response);
  }

  /** Nobody reads what a server says about a failure. */
  private passFailure(status: number, answer: IncomingMessage, response: ServerResponse): void {
    if (Number(answer.headers['content-length'] ?? Infinity) > MOST_SKIPPED_BYTES) answer.destroy();
    else answer.resume();
    this.session.witness.sawSettled();
    response.writeHead(status, { ...keptHeaders(answer), 'content-length': 0 }).end();
  }

  /** Counts what is kept of this answer until ffmpeg has read it. */
  private hold(bytes: number): void {
    this.heldBytes += bytes;
    if (this.session.hold(bytes)) return;
    throw new ContentRefusedError('HLS_PLAYLIST_TOO_LARGE', this.target.host, 'too many of them at once');
  }

  /** @throws ContentRefusedError for what would lead ffmpeg around the proxy */
  private checkRedirect({ headers }: IncomingMessage): void {
    const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(headers.location ?? '')?.[1]?.toLowerCase();
    if (scheme === undefined || scheme === 'http' || scheme === 'https') return;
    throw new ContentRefusedError('HLS_REDIRECT_UNSAFE', this.target.host, `${scheme.slice(0, 20)}:`);
  }

  private checkPlaylist(body: Buffer): void {
    const findings = inspectPlaylist(body.toString('latin1'));
    this.session.witness.sawPlaylist(`${this.target.authority}${this.target.path}`, body, findings);
    if (findings.objection === null) return;
    const [code, reason] = findings.objection;
    throw new ContentRefusedError(code, this.target.host, reason);
  }

  private meter(): Transform {
    return new Transform({ transform: (bytes: Buffer, _encoding, done) => done(null, this.metered(bytes)) });
  }

  private metered(bytes: Buffer): Buffer {
    this.session.spend(bytes.length);
    return bytes;
  }

  private fail(error: NodeJS.ErrnoException, response: ServerResponse): void {
    const { witness } = this.session;
    const isRefused = error instanceof OutboundRefusedError || error instanceof ContentRefusedError;
    if (isRefused) witness.sawRefusal(error);
    // Once ffmpeg has hung up, errors are only its echo.
    if (response.headersSent || response.destroyed) return void response.destroy();
    witness.sawSettled();
    if (!isRefused) witness.sawFailure(this.target.host, error);
    response.writeHead(isRefused ? 403 : 502, { connection: 'close' }).end();
  }
}

function keptHeaders(answer: IncomingMessage): OutgoingHttpHeaders {
  const unfit = codingsOf(answer).length === 0 ? [] : OF_PACKED_BODY;
  const isKept = (name: string): boolean => RESPONSE_HEADERS.includes(name) && !unfit.includes(name);
  const kept = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => isKept(name)));
  const { location } = answer.headers;
  return location === undefined ? kept : { ...kept, location: locationWithAsciiHost(location) };
}
