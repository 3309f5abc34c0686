import { messageOf } from '../../job/errors.js';

/** Sockets, TLS and the HTTP parser give their errors a code such as ECONNRESET or HPE_INVALID_CONSTANT. */
export function isNetworkError(error: unknown): boolean {
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && !code.startsWith('ERR_INVALID');
}

/** What a socket's error says. `fetch` hides it in the cause; a host with several addresses gives one error for each. */
export function reasonOf(error: unknown): string {
  const { cause, code, errors } = error as { cause?: unknown; code?: unknown; errors?: unknown[] };
  const inner = cause ?? errors?.[0];
  if (inner !== undefined) return reasonOf(inner);
  const text = messageOf(error).replace(/^Error: /, '');
  return typeof code === 'string' && !text.includes(code) ? `${code}: ${text}` : text;
}
