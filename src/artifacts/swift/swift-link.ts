import { STATUS_CODES, type IncomingHttpHeaders } from 'node:http';
import type { Readable, Writable } from 'node:stream';
import pkgcloud, { type Identity, type StorageClient } from 'pkgcloud';
import { unlessAborted } from '../../lib/unless-aborted.js';
import { objectStoreUrl } from './identity/catalog.js';
import { exchange } from './exchange.js';
import { authenticate } from './identity/keystone.js';
import { retryAfterMs } from '../remote/retry-after.js';
import type { RetryPace } from '../remote/retry-pace.js';
import { blamesToken, SwiftRefusal } from './swift.errors.js';
import type { SwiftSettings } from './swift.settings.js';

/** One call to Swift. */
export interface SwiftCall {
  method: 'GET' | 'PUT' | 'HEAD' | 'DELETE';
  /** The object's name; left out: the container itself. */
  name?: string;
  headers?: Readonly<Record<string, string>>;
  body?: Readable;
  /** Gets the body of the answer, if that is a success. */
  sink?: Writable;
}

/** A token is renewed before its last tenth, or its last minute if that is shorter. */
const EARLY_SHARE = 0.1;
const EARLY_MS = 60_000;

/**
 * The way to one container through pkgcloud 2.2.0, and the only file that knows it. What pkgcloud does by itself is left
 * out where it does harm: a request that starts before the token is there sends part of its data twice and calls that a
 * success, so none does; an upload's result comes from the answer to the PUT, not from its stream; the password goes
 * through {@link authenticate} alone and never into pkgcloud, which would log it, or send it to a stranger without `authUrl`.
 */
export class SwiftLink {
  private readonly client: StorageClient;
  private endpointUrl = '';
  private loggingIn: Promise<void> | undefined;

  constructor(
    private readonly settings: SwiftSettings,
    private readonly patience: RetryPace,
  ) {
    if (settings.authUrl === '') throw new RangeError('Swift needs OS_AUTH_URL.');
    this.client = createClient(settings.authUrl, () => this.identify());
  }

  /** Swift's address with the account; empty before the first authentication. */
  get endpoint(): string {
    return this.endpointUrl;
  }

  /**
   * Makes one call, with a token. Ten calls at once authenticate once. A token that may be refused is forgotten, so that
   * the next call gets another.
   * @throws SwiftRefusal unless the status is 2xx; SwiftSilence, network errors, the errors of {@link authenticate}; the
   *   signal's reason
   */
  async send(call: SwiftCall, signal: AbortSignal): Promise<IncomingHttpHeaders> {
    while (!this.client._isAuthorized()) await this.logIn(signal);
    signal.throwIfAborted();
    // No await from here until the body is piped: see above.
    const { token } = this.client._identity;
    const request = this.client._request({
      method: call.method,
      container: this.settings.container,
      ...(call.name === undefined ? {} : { path: call.name }),
      // A copy, since pkgcloud adds the token. After an early refusal the next call on the same connection would hang.
      headers: { ...call.headers, connection: 'close' },
    });
    const { response, said } = await exchange(request, call.body, {
      signal,
      ...this.patience,
      sink: call.sink,
    });
    if (this.client._parseError(response) === undefined) return response.headers;
    if (blamesToken(response.statusCode)) this.forget(token);
    throw new SwiftRefusal(response.statusCode ?? 0, said, retryAfterMs(response.headers['retry-after']));
  }

  private async logIn(signal: AbortSignal): Promise<void> {
    this.loggingIn ??= new Promise<void>((resolve, reject) => {
      this.client.auth((error) => (error === undefined ? resolve() : reject(error)));
    }).finally(() => (this.loggingIn = undefined));
    await unlessAborted(this.loggingIn, signal);
  }

  /** Only if it is still in use: the first of ten refused calls may have fetched a new one already. */
  private forget(token: Identity['token']): void {
    if (this.client._identity.token === token) this.client._identity.token = undefined;
  }

  /** A token and when it is to be renewed, by this machine's clock: it may differ from Keystone's. */
  private async identify(): Promise<NonNullable<Identity['token']> & { endpoint: string }> {
    const askedAt = Date.now();
    const { id, lifetimeMs, catalog } = await authenticate(this.settings, AbortSignal.timeout(this.patience.authMs));
    this.endpointUrl = objectStoreUrl(catalog, this.settings.region, this.settings.interface);
    const early = Math.min(lifetimeMs * EARLY_SHARE, EARLY_MS);
    return { id, expires: new Date(askedAt + lifetimeMs - early), endpoint: this.endpointUrl };
  }
}

type Identify = () => Promise<NonNullable<Identity['token']> & { endpoint: string }>;

function createClient(authUrl: string, identify: Identify): StorageClient {
  const identity = identityClass(identify);
  const client = pkgcloud.storage.createClient({ provider: 'openstack', authUrl, earlyTokenTimeout: 0, identity });
  // pkgcloud knows ten statuses as failures and takes all others for success.
  for (let status = 300; status < 600; status++) {
    client.failCodes[status] ??= STATUS_CODES[status] ?? 'Unknown status';
  }
  client.before.push((request) => {
    // The token stays with the host that the catalog names, and the way there is the operator's, not HTTP_PROXY's.
    Object.assign(request, { followRedirect: false, proxy: null });
    // Asks for JSON back, and would parse it.
    delete request['json'];
  });
  return client;
}

/** An identity as pkgcloud wants it: a class that it calls `new` on. */
function identityClass(identify: Identify): new () => Identity {
  return class {
    token: Identity['token'];
    private endpoint = '';

    on(): void {
      // It has nothing to log.
    }

    authorize(callback: (error?: unknown) => void): void {
      identify().then(({ endpoint, ...token }) => {
        this.token = token;
        this.endpoint = endpoint;
        callback();
      }, callback);
    }

    getServiceEndpointUrl(): string {
      return this.endpoint;
    }
  };
}
