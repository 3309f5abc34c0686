import type { Fault } from './faults.js';
import {
  badKeyError,
  badRequestError,
  dayQuotaError,
  expiredError,
  internalError,
  leakedError,
  listedError429,
  minuteQuotaError,
  modelMissingError,
  noQuotaError,
  placeError,
  suspendedError,
  unavailableError,
  type GoogleError,
} from './google-error.js';

/** The error that a fault answers with; undefined for faults of another sort. */
export function errorOf({ kind, retryDelaySeconds }: Fault, key: string, model: string): GoogleError | undefined {
  switch (kind) {
    case 'rate-limited':
      return minuteQuotaError(retryDelaySeconds);
    case 'day-quota':
      return dayQuotaError();
    case 'no-quota':
      return noQuotaError();
    case 'listed-429':
      return listedError429();
    case 'place':
      return placeError();
    case 'expired':
      return expiredError();
    case 'leaked':
      return leakedError();
    case 'unavailable':
      return unavailableError();
    case 'internal':
      return internalError();
    case 'bad-key':
      return badKeyError();
    case 'suspended':
      return suspendedError(key);
    case 'bad-request':
      return badRequestError(`Invalid value for the request of api_key:${key}.`);
    case 'no-model':
      return modelMissingError(model);
    default:
      return undefined;
  }
}
