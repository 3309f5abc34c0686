import { createHash } from 'node:crypto';
import type { OutboundRefusedError } from '../../outbound/outbound-policy.js';
import type { PlaylistFindings } from './playlist-inspection.js';
import type { ProxyReport, Refusal, SessionLimits } from './proxy-report.js';
import type { ContentRefusedError } from '../web/content-refused.error.js';

/** Details kept of each kind; counts go on. */
const MAX_DETAILS = 16;

/** Live playlists remembered to notice that they no longer change. */
const MAX_PLAYLISTS = 64;

/** Collects what one session of the proxy sees, in bounded memory. */
export class ProxyWitness {
  private statuses: Record<number, number> = {};
  private refusals: Refusal[] = [];
  private failures: { host: string; code: string; isTls: boolean }[] = [];
  private readonly reloads = new Map<string, { print: string; unchanged: number }>();
  private readonly counts = { requests: 0, bytes: 0, playlists: 0, unchangedReloads: 0 };
  private settled = 0;
  private lastErrorStatus: number | null = null;
  private retryAfterSeconds: number | null = null;
  private hasSampleEncryption = false;
  private exceeded: keyof SessionLimits | null = null;

  get requests(): number {
    return this.counts.requests;
  }

  get bytes(): number {
    return this.counts.bytes;
  }

  sawRequest(): void {
    this.counts.requests += 1;
  }

  sawBytes(bytes: number): void {
    this.counts.bytes += bytes;
  }

  /** A request got an answer: the server's, or a refusal or failure of ours. */
  sawSettled(): void {
    this.settled += 1;
  }

  sawLimit(limit: keyof SessionLimits): void {
    this.exceeded ??= limit;
  }

  sawRefusal({ code, host, reason }: OutboundRefusedError | ContentRefusedError): void {
    if (this.refusals.length < MAX_DETAILS) this.refusals.push({ code, host, reason });
  }

  sawFailure(host: string, error: NodeJS.ErrnoException): void {
    const code = error.code ?? 'UNKNOWN';
    if (this.failures.length < MAX_DETAILS) this.failures.push({ host, code, isTls: isTlsCode(code) });
  }

  sawStatus(status: number, retryAfter: string | undefined): void {
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    if (status < 400) return;
    this.lastErrorStatus = status;
    if (/^\d{1,6}$/.test(retryAfter ?? '')) this.retryAfterSeconds = Number(retryAfter);
  }

  sawPlaylist(url: string, body: Buffer, findings: PlaylistFindings): void {
    this.counts.playlists += 1;
    this.hasSampleEncryption ||= findings.hasSampleEncryption;
    const name = fingerprint(url);
    if (!findings.isLive || (this.reloads.size >= MAX_PLAYLISTS && !this.reloads.has(name))) return;
    const before = this.reloads.get(name);
    const print = fingerprint(body);
    const unchanged = before?.print === print ? before.unchanged + 1 : 0;
    this.reloads.set(name, { print, unchanged });
    this.counts.unchangedReloads = Math.max(this.counts.unchangedReloads, unchanged);
  }

  /** Lets go what went wrong so far: of a session that goes on for days it explains nothing any more. Counts of use stay. */
  forgive(): void {
    this.statuses = {};
    this.refusals = [];
    this.failures = [];
    this.lastErrorStatus = null;
    this.retryAfterSeconds = null;
    this.counts.unchangedReloads = 0;
  }

  report(): ProxyReport {
    const { lastErrorStatus, retryAfterSeconds, hasSampleEncryption, exceeded } = this;
    return {
      ...this.counts,
      unanswered: this.counts.requests - this.settled,
      ...{ lastErrorStatus, retryAfterSeconds, hasSampleEncryption, exceeded },
      statuses: { ...this.statuses },
      refusals: [...this.refusals],
      failures: [...this.failures],
    };
  }
}

/** Stands for a playlist or its URL: kept as they are they would take 4 MB each. */
function fingerprint(what: string | Buffer): string {
  return createHash('sha256').update(what).digest('base64');
}

/** Node's codes for a certificate or handshake that failed have no common prefix. */
function isTlsCode(code: string): boolean {
  return /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA)/.test(code);
}
