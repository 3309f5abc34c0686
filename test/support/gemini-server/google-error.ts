import type { ServerResponse } from 'node:http';

const TYPE = 'type.googleapis.com/google.rpc.';

/** An error as Google's REST APIs word it. */
export class GoogleError extends Error {
  constructor(
    readonly code: number,
    readonly status: string,
    message: string,
    readonly details: readonly object[] = [],
    /** As streams of JSON begin: within a list. */
    private readonly listed = false,
  ) {
    super(message);
  }

  /** As it is sent, or put into a stream. */
  get body(): { error: object } {
    const { code, status, message, details } = this;
    return { error: { code, message, status, ...(details.length > 0 ? { details } : {}) } };
  }

  send(response: ServerResponse): void {
    const body = this.listed ? [this.body] : this.body;
    response.writeHead(this.code, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
  }
}

/** @param retryDelaySeconds undefined: the server does not say when */
export function minuteQuotaError(retryDelaySeconds: number | undefined): GoogleError {
  return quotaError('GenerateRequestsPerMinutePerProjectPerModel-FreeTier', retryDelaySeconds);
}

/** Google adds a short `RetryInfo` to this one, too, which it does not mean. */
export function dayQuotaError(): GoogleError {
  return quotaError('GenerateRequestsPerDayPerProjectPerModel-FreeTier', 34);
}

function quotaError(quotaId: string, retryDelaySeconds: number | undefined): GoogleError {
  const quotaMetric = 'generativelanguage.googleapis.com/generate_content_free_tier_requests';
  const message = `You exceeded your current quota. Quota exceeded for metric: ${quotaMetric}`;
  return new GoogleError(429, 'RESOURCE_EXHAUSTED', message, [
    { '@type': `${TYPE}QuotaFailure`, violations: [{ quotaMetric, quotaId, quotaValue: '5' }] },
    ...(retryDelaySeconds === undefined ? [] : [{ '@type': `${TYPE}RetryInfo`, retryDelay: `${retryDelaySeconds}s` }]),
  ]);
}

/** Without any detail. */
export function quotaError429(): GoogleError {
  return new GoogleError(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).');
}

/** Without any detail, within a list. */
export function listedError429(): GoogleError {
  return new GoogleError(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted. Please try again later.', [], true);
}

/** A model that the project gets none of, ever; with a delay that Google does not mean. */
export function noQuotaError(): GoogleError {
  const line =
    '* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0';
  return new GoogleError(429, 'RESOURCE_EXHAUSTED', `You exceeded your current quota.\n${line}, model: m\n${line}`, [
    {
      '@type': `${TYPE}QuotaFailure`,
      violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }],
    },
    { '@type': `${TYPE}RetryInfo`, retryDelay: '12s' },
  ]);
}

export function placeError(): GoogleError {
  return new GoogleError(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.');
}

export function expiredError(): GoogleError {
  const message = 'API key expired. Please renew the API key.';
  return new GoogleError(400, 'INVALID_ARGUMENT', message, [errorInfo('API_KEY_INVALID')]);
}

export function leakedError(): GoogleError {
  const message = 'Your API key was reported as leaked. Please use another API key.';
  return new GoogleError(403, 'PERMISSION_DENIED', message);
}

export function badKeyError(): GoogleError {
  const message = 'API key not valid. Please pass a valid API key.';
  return new GoogleError(400, 'INVALID_ARGUMENT', message, [errorInfo('API_KEY_INVALID')]);
}

/** Google names the key in this one. */
export function suspendedError(key: string): GoogleError {
  const message = `Permission denied: Consumer 'api_key:${key}' has been suspended.`;
  return new GoogleError(403, 'PERMISSION_DENIED', message, [errorInfo('CONSUMER_SUSPENDED')]);
}

export function noKeyError(): GoogleError {
  return new GoogleError(403, 'PERMISSION_DENIED', "Method doesn't allow unregistered callers. Use an API key.");
}

export function modelMissingError(model: string): GoogleError {
  const message = `models/${model} is not found for API version v1beta, or is not supported for generateContent.`;
  return new GoogleError(404, 'NOT_FOUND', message);
}

/** Google says the same of files that another project owns and of those that do not exist. */
export function fileForbiddenError(id: string): GoogleError {
  const message = `You do not have permission to access the File ${id} or it may not exist.`;
  return new GoogleError(403, 'PERMISSION_DENIED', message);
}

export function badRequestError(message: string): GoogleError {
  return new GoogleError(400, 'INVALID_ARGUMENT', message);
}

export function unavailableError(): GoogleError {
  return new GoogleError(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.');
}

export function internalError(): GoogleError {
  return new GoogleError(500, 'INTERNAL', 'An internal error has occurred.');
}

function errorInfo(reason: string): object {
  return { '@type': `${TYPE}ErrorInfo`, reason, domain: 'googleapis.com', metadata: {} };
}
