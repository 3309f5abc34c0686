import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import type { OutboundPolicy } from '../../outbound/outbound-policy.js';
import { ProxyExchange, type ProxyTarget } from './proxy-exchange.js';
import type { SessionLimits } from './proxy-report.js';
import type { OwnHeaders } from '../web/own-headers.js';
import { readAuthority, readTarget, type Authority } from './proxy-target.js';
import { fingerprintOf, ProxySession } from './proxy-session.js';
import { makeThrowawayCertificate } from './throwaway-certificate.js';

export interface GuardedProxyOptions {
  readonly connectTimeoutMs: number;
  /** Certificate authorities that servers are checked against, PEM; undefined for those that Node brings along. */
  readonly ca?: string | undefined;
}

/** A connection to the proxy may lie idle between two reloads of a live playlist, ms. */
const KEEP_ALIVE_MS = 60_000;

/** The session and, inside a CONNECT, the server that a connection belongs to. */
interface Tunnel {
  readonly session: ProxySession;
  readonly authority: Authority;
}

/**
 * The only way to the network for ffmpeg: a forward proxy on loopback, for GET and CONNECT, with one token per session.
 * It asks the policy about every request, connects to the very addresses that were checked, meters, and keeps a report.
 *
 * A CONNECT ends here: ffmpeg speaks TLS with the proxy, under a certificate nobody checks, and the proxy speaks TLS with
 * the server, under a certificate that it does check. ffmpeg itself checks none for segments, keys and redirects, and
 * only a proxy that reads playlists can keep `httpproxy:` out of them (see `inspectPlaylist`).
 */
export class GuardedProxy {
  private readonly outer: Server;
  private readonly inner: Server;
  private readonly sessions = new Map<string, ProxySession>();
  private readonly tunnels = new WeakMap<Duplex, Tunnel>();
  private readonly tls: SecureContext;

  constructor(
    private readonly policy: OutboundPolicy,
    private readonly options: GuardedProxyOptions,
  ) {
    this.tls = createSecureContext(makeThrowawayCertificate('guarded proxy', new Date()));
    this.inner = createServer((request, response) => this.onTunnelled(request, response));
    this.outer = createServer((request, response) => this.onPlain(request, response));
    this.outer.on('connect', (request: IncomingMessage, socket: Duplex) => this.onConnect(request, socket));
    this.outer.keepAliveTimeout = this.inner.keepAliveTimeout = KEEP_ALIVE_MS;
  }

  /** Starts to listen on a free port of 127.0.0.1. */
  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.outer.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
  }

  /** Ends every session and stops listening. */
  async close(): Promise<void> {
    for (const session of this.sessions.values()) session.close();
    this.outer.closeAllConnections();
    await new Promise((resolve) => this.outer.close(resolve));
  }

  /**
   * Close the session when the capture is over, whatever became of it.
   * @param own headers that the operator gave to the camera
   */
  openSession(limits: SessionLimits, own?: OwnHeaders): ProxySession {
    const { port } = this.outer.address() as AddressInfo;
    const forget = (): void => void this.sessions.delete(session.fingerprint);
    const session = new ProxySession(port, limits, this.options.ca, forget, own);
    this.sessions.set(session.fingerprint, session);
    return session;
  }

  private onPlain(request: IncomingMessage, response: ServerResponse): void {
    const session = this.sessionOf(request);
    if (session === undefined) return askForCredentials(response);
    session.adopt(request.socket);
    const target = readTarget(request.url ?? '');
    if (target === null || request.method !== 'GET') return reject(response, 405);
    this.exchange(session, target, request, response);
  }

  private onConnect(request: IncomingMessage, socket: Duplex): void {
    socket.on('error', () => socket.destroy());
    const session = this.sessionOf(request);
    const authority = readAuthority(request.url ?? '');
    if (session === undefined) return void socket.end(`HTTP/1.1 407 Unauthorized\r\n${CHALLENGE}\r\n\r\n`);
    if (authority === null) return void socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    session.adopt(socket);
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    this.endTls(socket, { session, authority });
  }

  private endTls(socket: Duplex, tunnel: Tunnel): void {
    const secure = new TLSSocket(socket, { isServer: true, secureContext: this.tls });
    secure.on('error', () => secure.destroy());
    this.tunnels.set(secure, tunnel);
    tunnel.session.adopt(secure);
    this.inner.emit('connection', secure);
  }

  /** The target is what CONNECT named; the request's own Host header is not asked. */
  private onTunnelled(request: IncomingMessage, response: ServerResponse): void {
    const tunnel = this.tunnels.get(request.socket);
    const path = request.url ?? '';
    if (tunnel === undefined || request.method !== 'GET' || !path.startsWith('/')) return reject(response, 405);
    this.exchange(tunnel.session, { ...tunnel.authority, secure: true, path }, request, response);
  }

  private exchange(
    session: ProxySession,
    target: ProxyTarget,
    request: IncomingMessage,
    response: ServerResponse,
  ): void {
    void new ProxyExchange(session, this.policy, this.options.connectTimeoutMs, target).run(request, response);
  }

  private sessionOf(request: IncomingMessage): ProxySession | undefined {
    return this.sessions.get(fingerprintOf(request.headers['proxy-authorization'] ?? ''));
  }
}

/** ffmpeg sends credentials only when asked. The length keeps the connection usable for the second try. */
const CHALLENGE = 'Proxy-Authenticate: Basic realm="roadstream"\r\nContent-Length: 0\r\nConnection: close';

function askForCredentials(response: ServerResponse): void {
  response.writeHead(407, { 'proxy-authenticate': 'Basic realm="roadstream"', connection: 'close' }).end();
}

function reject(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: 'close' }).end();
}
