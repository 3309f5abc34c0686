import {
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
  type ServerResponse,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { OutboundRefusedError, pinnedLookup, type AllowedTarget, type OutboundPolicy } from './outbound-policy.js';
import { inspectPlaylist, MAX_PLAYLIST_BYTES, PLAYLIST_MARK } from './playlist-inspection.js';
import type { ProxySession } from './proxy-session.js';

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

const REQUEST_HEADERS = ['user-agent', 'accept', 'range', 'authorization', 'cookie', 'referer', 'if-range'];

/**
 * An allow list, because some headers change what ffmpeg reads: with `Icy-MetaInt` it drops bytes from a body, with
 * `Content-Encoding` it unpacks one, and a playlist could hide from the inspection behind either.
 */
const RESPONSE_HEADERS = [
  ...['content-type', 'content-length', 'content-range', 'accept-ranges', 'location', 'set-cookie'],
  ...['www-authenticate', 'retry-after', 'date', 'last-modified', 'etag', 'cache-control', 'expires'],
];

/** One request of ffmpeg and its answer. */
export class ProxyExchange {
  constructor(
    private readonly session: ProxySession,
    private readonly policy: OutboundPolicy,
    private readonly connectTimeoutMs: number,
    private readonly target: ProxyTarget,
  ) {}

  /** Never rejects: whatever happens becomes an answer, or the end of the connection once an answer has begun. */
  async run(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.once('close', () => this.session.leave());
    if (!this.session.enter()) return void response.destroy();
    let answer: IncomingMessage | undefined;
    try {
      const allowed = await this.policy.resolve(this.target.host, this.target.port);
      if (response.destroyed) return;
      answer = await this.ask(this.options(allowed, request), response);
      await this.pass(answer, response);
    } catch (error) {
      answer?.destroy();
      this.fail(error as NodeJS.ErrnoException, response);
    }
  }

  /** Resolves with the head of the answer. */
  private ask(options: RequestOptions, response: ServerResponse): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = (this.target.secure ? httpsRequest : httpRequest)(options);
      outgoing.once('socket', (socket) => {
        this.session.adopt(socket);
        this.limitConnecting(outgoing, socket);
      });
      outgoing.once('response', resolve).on('error', reject).end();
      // A finished exchange leaves its connection to the next one; one that ffmpeg gave up does not.
      response.once('close', () => {
        if (!response.writableFinished) outgoing.destroy();
      });
    });
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
      headers: { ...Object.fromEntries(kept), host: this.target.authority },
      agent: this.target.secure ? this.session.https : this.session.http,
      // Cameras send headers that no standard knows; what reaches ffmpeg is written anew from the allow list.
      insecureHTTPParser: true,
    };
  }

  private async pass(answer: IncomingMessage, response: ServerResponse): Promise<void> {
    const status = answer.statusCode ?? 502;
    this.session.witness.sawStatus(status, answer.headers['retry-after']);
    this.checkHead(answer);
    const head = await readHead(answer);
    if (head.toString('latin1').startsWith(PLAYLIST_MARK)) this.checkPlaylist(head);
    if (response.destroyed) return void answer.destroy();
    response.writeHead(status, keptHeaders(answer.headers));
    this.session.witness.sawSettled();
    response.write(this.metered(head));
    await pipeline(answer, this.meter(), response);
  }

  /** @throws OutboundRefusedError for what would lead ffmpeg around the proxy or hide a body from it */
  private checkHead({ headers }: IncomingMessage): void {
    const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(headers.location ?? '')?.[1]?.toLowerCase();
    if (scheme !== undefined && scheme !== 'http' && scheme !== 'https') this.refuse(`redirects to ${scheme}:`);
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') this.refuse('sends a compressed answer unasked');
  }

  private checkPlaylist(body: Buffer): void {
    const text = body.toString('latin1');
    const findings = inspectPlaylist(text);
    this.session.witness.sawPlaylist(`${this.target.authority}${this.target.path}`, text, findings);
    if (findings.objection !== null) this.refuse(findings.objection);
  }

  private refuse(reason: string): never {
    throw new OutboundRefusedError(this.target.host, reason);
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
    if (error instanceof OutboundRefusedError) witness.sawRefusal(error);
    // Once ffmpeg has hung up, errors are only its echo.
    if (response.headersSent || response.destroyed) return void response.destroy();
    witness.sawSettled();
    if (!(error instanceof OutboundRefusedError)) witness.sawFailure(this.target.host, error);
    response.writeHead(error instanceof OutboundRefusedError ? 403 : 502, { connection: 'close' }).end();
  }
}

/**
 * The beginning of a body: enough bytes to tell a playlist, and all of it when it is one.
 * @throws OutboundRefusedError when a playlist is larger than any honest one
 */
async function readHead(answer: IncomingMessage): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for await (const chunk of answer.iterator({ destroyOnReturn: false })) {
    head = Buffer.concat([head, chunk as Buffer]);
    const mark = head.toString('latin1', 0, PLAYLIST_MARK.length);
    if (mark.length === PLAYLIST_MARK.length && mark !== PLAYLIST_MARK) break;
    if (head.length > MAX_PLAYLIST_BYTES) throw new OutboundRefusedError('playlist', 'is too large');
  }
  return head;
}

function keptHeaders(headers: IncomingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => RESPONSE_HEADERS.includes(name)));
}
