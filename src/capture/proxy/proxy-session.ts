import { createHash, randomBytes } from 'node:crypto';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import type { OutgoingHttpHeaders } from 'node:http';
import type { ProxyTarget } from './proxy-exchange.js';
import type { ProxyReport, SessionLimits } from './proxy-report.js';
import { ProxyWitness } from './proxy-witness.js';
import { CookieJar } from '../web/cookie-jar.js';
import type { OwnHeaders } from '../web/own-headers.js';

/** Playlists and beginnings of other answers that wait for ffmpeg to read them, all together. Bytes. */
const MOST_HELD_BYTES = 16 * 1024 * 1024;

/** One capture's right to use the proxy: a token, what it may use up, and what was seen. */
export class ProxySession {
  readonly witness = new ProxyWitness();
  readonly cookies = new CookieJar();
  readonly http = new HttpAgent({ keepAlive: true });
  readonly https: HttpsAgent;
  private readonly token = randomBytes(24).toString('hex');
  private readonly sockets = new Set<Duplex>();
  private inFlight = 0;
  private heldBytes = 0;
  /** What was used up before the limits were granted anew. */
  private earlier = { requests: 0, bytes: 0 };
  private closed = false;

  /**
   * @param port of the proxy on loopback
   * @param ca authorities to trust, PEM; undefined for Node's own
   * @param onClose called once
   * @param own headers of the camera; none if left out
   */
  constructor(
    private readonly port: number,
    private readonly limits: SessionLimits,
    ca: string | undefined,
    private readonly onClose: (session: ProxySession) => void,
    private readonly own?: OwnHeaders,
  ) {
    this.https = new HttpsAgent({ keepAlive: true, ...(ca === undefined ? {} : { ca }) });
  }

  /** As ffmpeg's `-http_proxy` wants it. A secret. */
  get proxyUrl(): string {
    return `http://job:${this.token}@127.0.0.1:${this.port}`;
  }

  /** Stands for the credentials in look-ups, so that comparing them tells nothing about the token. */
  get fingerprint(): string {
    return fingerprintOf(`Basic ${Buffer.from(`job:${this.token}`).toString('base64')}`);
  }

  report(): ProxyReport {
    return this.witness.report();
  }

  /** Ends every socket of the session at once and makes the token worthless. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.onClose(this);
    this.http.destroy();
    this.https.destroy();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Grants bytes and requests anew, for a session that goes on for days, and forgives what went wrong before. */
  renew(): void {
    this.witness.forgive();
    const { requests, bytes } = this.witness;
    this.earlier = { requests, bytes };
  }

  /** Ties a socket to the session's life. */
  adopt(socket: Duplex): void {
    if (this.closed) socket.destroy();
    if (this.sockets.has(socket)) return;
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }

  /** Counts a request in; false when a limit is reached, which ends the session. Pair with `leave`. */
  enter(): boolean {
    this.inFlight += 1;
    this.witness.sawRequest();
    if (this.witness.requests - this.earlier.requests > this.limits.maxRequests) return this.exceed('maxRequests');
    if (this.inFlight > this.limits.maxConcurrent) return this.exceed('maxConcurrent');
    return !this.closed;
  }

  leave(): void {
    this.inFlight -= 1;
  }

  /** Of playlists that were answered and are not sent on yet. */
  get keptBytes(): number {
    return this.heldBytes;
  }

  /** Counts bytes in that are kept in memory; false when there are too many. Pair with `letGo`. */
  hold(bytes: number): boolean {
    this.heldBytes += bytes;
    return this.heldBytes <= MOST_HELD_BYTES;
  }

  letGo(bytes: number): void {
    this.heldBytes -= bytes;
  }

  /** The headers of a request that leaves: those of ffmpeg, then what the operator gave to the camera, and cookies. */
  ownHeaders(target: ProxyTarget, ofFfmpeg: OutgoingHttpHeaders): OutgoingHttpHeaders {
    const own = this.own?.for(`${target.secure ? 'https' : 'http'}://${target.authority}`) ?? {};
    const { cookie, ...others } = own;
    const cookies = this.cookies.header(target, cookie);
    return { ...ofFfmpeg, ...others, ...(cookies === undefined ? {} : { cookie: cookies }), host: target.authority };
  }

  /** Counts bytes of an answer; false when there were too many, which ends the session. */
  spend(bytes: number): boolean {
    this.witness.sawBytes(bytes);
    return this.witness.bytes - this.earlier.bytes <= this.limits.maxBytes || this.exceed('maxBytes');
  }

  private exceed(limit: keyof SessionLimits): false {
    this.witness.sawLimit(limit);
    this.close();
    return false;
  }
}

/** Of a `Proxy-Authorization` header. */
export function fingerprintOf(authorization: string): string {
  return createHash('sha256').update(authorization).digest('hex');
}
