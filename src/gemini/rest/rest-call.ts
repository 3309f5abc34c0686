import { messageOf } from '../../job/errors.js';
import { explainFailure, checkKey } from '../failure/explain.js';
import { readFailure } from '../failure/google-failure.js';
import type { GeminiKey } from '../gemini-api.js';
import { troubled } from '../gemini-errors.js';

/** Where Google has the API. */
export const GOOGLE = 'https://generativelanguage.googleapis.com';

/** What a call sends. */
export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | ReadableStream<Uint8Array>;
}

/** A resource as the API shows it. */
export type Resource = Readonly<Record<string, unknown>>;

/** What came back. */
export interface RestReply {
  readonly headers: Headers;
  readonly resource: Resource;
}

/**
 * One call of the API that is no question, with the key in its header unless the address is its own permission.
 * @throws the errors of `gemini-errors.ts`; whatever fetch throws when the signal aborts
 */
export async function restCall(
  url: string,
  key: GeminiKey,
  request: RestRequest,
  signal: AbortSignal,
  withKey = true,
): Promise<RestReply> {
  checkKey(key);
  const headers = { ...request.headers, ...(withKey ? { 'x-goog-api-key': key.key } : {}) };
  const { response, body } = await exchange(url, { ...request, headers }, signal);
  if (!response.ok) throw explainFailure(readFailure(response.status, body), { key, now: Date.now() });
  return { headers: response.headers, resource: parse(body) };
}

/** The error for an API that cannot be reached, or whose connection broke. @param why what the socket said */
export function unreachable(why?: unknown): Error {
  const detail = why === undefined ? '' : ` (${(messageOf(why).split('\n')[0] ?? '').slice(0, 100)})`;
  return troubled('GEMINI_UNREACHABLE', `The connection to Gemini failed${detail}; check the network.`);
}

async function exchange(url: string, request: RestRequest, signal: AbortSignal) {
  try {
    // A redirect would take the key, and the video, to somebody else.
    const response = await fetch(url, { ...request, signal, redirect: 'error', duplex: 'half' });
    return { response, body: await response.text() };
  } catch (error) {
    throw signal.aborted ? error : unreachable((error as Error).cause);
  }
}

function parse(body: string): Resource {
  try {
    const value: unknown = body === '' ? {} : JSON.parse(body);
    if (typeof value === 'object' && value !== null) return value as Resource;
  } catch {
    // Said below, without quoting the body.
  }
  throw troubled('GEMINI_BAD_REPLY', 'Gemini answered with something that is no resource; check GEMINI_BASE_URL.');
}
