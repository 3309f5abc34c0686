import { request as requestPlain, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as requestSecure } from 'node:https';
import { orLate } from '../lib/deadline.js';
import { hostOf, pinnedLookup, portOf, type AllowedTarget, type OutboundPolicy } from './outbound-policy.js';

/** Of an answer's body so much is waited for, that its sender sees no broken connection; nothing of it is kept. */
const MOST_BODY_BYTES = 64 * 1024;
/** And for so long, ms. */
const LONGEST_BODY_MS = 1_000;

/** What is sent. */
export interface Post {
  /** May carry secrets; user and password become basic authentication. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What came back. */
export interface PostAnswer {
  readonly status: number;
  /** The header `Retry-After`. */
  readonly retryAfter: string | undefined;
}

/** Nothing came back in time. */
export class NoAnswerError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms / 1_000} s`);
    this.name = 'NoAnswerError';
  }
}

/**
 * Posts to a URL that somebody else wrote: the policy is asked each time, the connection goes to the very addresses that were
 * checked (a name that answers differently the second time gains nothing), TLS is verified, no redirect is followed, no proxy used.
 */
export class GuardedPost {
  /** @param timeoutMs for all of it: look-up, connection, answer */
  constructor(
    private readonly policy: OutboundPolicy,
    private readonly timeoutMs: number,
  ) {}

  /**
   * Sends it once and gives the status, whatever it is.
   * @throws OutboundRefusedError; NoAnswerError; the signal's reason; whatever sockets, TLS and name servers say
   */
  async send(post: Post, signal: AbortSignal): Promise<PostAnswer> {
    const url = this.policy.checkUrl(post.url);
    const startedAt = performance.now();
    const late = (): never => {
      throw new NoAnswerError(this.timeoutMs);
    };
    const target = await orLate(this.timeoutMs, this.policy.resolve(hostOf(url), portOf(url)), late);
    signal.throwIfAborted();
    return this.exchange(url, post, target, this.timeoutMs - (performance.now() - startedAt), signal);
  }

  private exchange(
    url: URL,
    { headers, body }: Post,
    target: AllowedTarget,
    leftMs: number,
    signal: AbortSignal,
  ): Promise<PostAnswer> {
    return new Promise((resolve, reject) => {
      const request = open(url, {
        method: 'POST',
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        lookup: pinnedLookup(target),
        // A connection of its own: one that is kept would go to addresses of an earlier check.
        agent: false,
      });
      const timer = setTimeout(() => request.destroy(new NoAnswerError(this.timeoutMs)), Math.max(1, leftMs));
      const abort = (): void => void request.destroy(signal.reason as Error);
      signal.addEventListener('abort', abort);
      request.on('error', reject);
      request.once('close', () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        reject(new Error('the connection was closed before an answer came'));
      });
      request.once('response', (response) => resolve(readAnswer(response)));
      request.end(body);
    });
  }
}

function open(url: URL, options: RequestOptions): ClientRequest {
  return url.protocol === 'https:' ? requestSecure(url, options) : requestPlain(url, options);
}

/**
 * The status is known: what becomes of the body changes nothing. It is waited for all the same, lest a receiver that never
 * ends it has more connections than calls in hand.
 */
async function readAnswer(response: IncomingMessage): Promise<PostAnswer> {
  let bytes = 0;
  response.on('error', () => undefined);
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) response.destroy();
  });
  const enough = setTimeout(() => response.destroy(), LONGEST_BODY_MS);
  await new Promise((resolve) => response.once('end', resolve).once('close', resolve));
  clearTimeout(enough);
  return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'] };
}
