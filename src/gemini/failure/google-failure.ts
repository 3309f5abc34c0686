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
    const { error } = JSON.parse(body) as { error: Record<string, unknown> };
    const { message = '', details = [] } = error;
    return {
      status,
      message: typeof message === 'string' ? message : '',
      details: Array.isArray(details) ? details : [],
    };
  } catch {
    return { status, message: '', details: [] };
  }
}

/** Why, in a machine's words (`API_KEY_INVALID`); undefined when Google gives none. */
export function reasonOf({ details }: GoogleFailure): string | undefined {
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
