/** What Google's API says of a call that failed: https://google.aip.dev/193 */
export interface GoogleFailure {
  /** Of HTTP. */
  readonly status: number;
  /** Google's words: they may hold the key. */
  readonly message: string;
  /** `ErrorInfo`, `RetryInfo`, `QuotaFailure` and their like. */
  readonly details: readonly unknown[];
}

/** Reads the body of an error. What is no error of Google's (a proxy's page) is told by its status alone. */
export function readFailure(status: number, body: string): GoogleFailure {
  try {
    // Streams of JSON begin with a list.
    const [value] = [JSON.parse(body) as unknown].flat();
    return failureOf(status, recordOf(recordOf(value)['error']));
  } catch {
    return { status, message: '', details: [] };
  }
}

/** The error that stands in place of a piece of an answer, after an HTTP status of 200; undefined when there is none. */
export function failureIn(piece: unknown): GoogleFailure | undefined {
  const error = recordOf(piece)['error'];
  if (error === undefined) return undefined;
  const code = Number(recordOf(error)['code']);
  return failureOf(code >= 400 && code < 600 ? code : UNKNOWN_STATUS, recordOf(error));
}

/** What is no error of the client's. */
const UNKNOWN_STATUS = 500;

function failureOf(status: number, { message = '', details = [] }: Record<string, unknown>): GoogleFailure {
  return {
    status,
    message: typeof message === 'string' ? message : '',
    details: Array.isArray(details) ? details : [],
  };
}

/** Whether Google gives the project nothing at all, which no waiting changes: every quota it names is 0. */
export function isWithoutQuota({ message }: GoogleFailure): boolean {
  const limits = [...message.matchAll(/\blimit:\s*(\d+)/g)].map(([, limit]) => Number(limit));
  return limits.length > 0 && limits.every((limit) => limit === 0);
}

/** Why, in a machine's words (`API_KEY_INVALID`); undefined when Google gives none. */
export function reasonOfGoogle({ details }: GoogleFailure): string | undefined {
  const reason = detailOf(details, 'ErrorInfo')?.['reason'];
  return typeof reason === 'string' ? reason : undefined;
}

/** How long Google asks to wait, ms; undefined when it does not say. */
export function retryDelayOf({ details }: GoogleFailure): number | undefined {
  const delay = /^(\d+(?:\.\d+)?)s$/.exec(String(detailOf(details, 'RetryInfo')?.['retryDelay']))?.[1];
  return delay === undefined ? undefined : Math.ceil(Number(delay) * 1000);
}

/** The names of the quotas that are used up. */
export function quotasOf({ details }: GoogleFailure): string[] {
  const violations = detailOf(details, 'QuotaFailure')?.['violations'];
  return Array.isArray(violations)
    ? violations.map((violation: unknown) => String(recordOf(violation)['quotaId']))
    : [];
}

function detailOf(details: readonly unknown[], type: string): Record<string, unknown> | undefined {
  return details.map(recordOf).find((detail) => String(detail['@type']).endsWith(`google.rpc.${type}`));
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
