import { uiRoot } from './router.js';

/** What a call was refused with: `code` is stable, `message` says what to do. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** The whole answer: some problems bring more, such as what is there now. */
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(message);
  }
}

type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What is called when nobody is signed in any more. */
let whenSignedOut = (): void => undefined;

/** Says what is to happen when a call is answered with 401. */
export function onSignedOut(then: () => void): void {
  whenSignedOut = then;
}

/** The address of a call, below whatever prefix the page itself is served. */
export function apiUrl(path: string, query: Query = {}): string {
  const url = new URL(`../api/v1/${path}`, uiRoot);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, String(value));
  }
  return url.href;
}

/** An address that a call gave, such as `/api/v1/jobs/1/artifacts/x.jpg`, below the same prefix. */
export function linkUrl(href: string, query: Query = {}): string {
  return apiUrl(href.replace(/^\/api\/v1\//, ''), query);
}

/** Reads. @throws ApiError */
export function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return call<T>('GET', apiUrl(path, query), undefined, signal);
}

/** Reads a text. @throws ApiError */
export async function getText(path: string, signal?: AbortSignal): Promise<string> {
  const response = await reach('GET', apiUrl(path), undefined, signal);
  if (response.ok) return response.text();
  throw await errorOf(response);
}

/** Changes something. @throws ApiError */
export function send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
  return call<T>(method, apiUrl(path), body);
}

async function call<T>(method: string, url: string, body?: unknown, signal?: AbortSignal): Promise<T> {
  const response = await reach(method, url, body, signal);
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const error = await errorOf(response);
  if (response.status === 401 && error.code !== 'TOKEN_WRONG') whenSignedOut();
  throw error;
}

async function reach(method: string, url: string, body: unknown, signal?: AbortSignal): Promise<Response> {
  const json =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  try {
    return await fetch(url, { method, ...json, ...(signal === undefined ? {} : { signal }) });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'UNREACHABLE', 'The service cannot be reached.', {});
  }
}

async function errorOf(response: Response): Promise<ApiError> {
  const found: unknown = await response.json().catch(() => ({}));
  const body = (typeof found === 'object' && found !== null ? found : {}) as Record<string, unknown>;
  const code = typeof body['code'] === 'string' ? body['code'] : `HTTP_${response.status}`;
  const message = typeof body['message'] === 'string' ? body['message'] : response.statusText;
  return new ApiError(response.status, code, message, body);
}
