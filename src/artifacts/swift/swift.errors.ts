import { JobError, PermanentStepError, RateLimitedError, TransientStepError } from '../../job/errors.js';
import { isNetworkError, reasonOf } from '../remote/network-error.js';

/** What Swift answered instead of success. Never leaves this folder: {@link swiftError} makes one of ours of it. */
export class SwiftRefusal extends Error {
  /** @param retryAfterMs how long Swift asks us to wait, if it does */
  constructor(
    readonly status: number,
    said: string,
    readonly retryAfterMs?: number,
  ) {
    super(said === '' ? `status ${status}` : `status ${status}: ${said}`);
  }
}

/** No byte moved for longer than we wait, or the whole took too long. */
export class SwiftSilence extends Error {}

/** Swift stored something other than what it was sent. */
export class SwiftMismatch extends Error {}

/** Statuses after which the same call may well succeed a moment later. 409: two wrote at once; 422: damaged on its way. */
const PASSING = new Set([408, 409, 422, 425, 429, 498, 499]);

/** Whether the token may be why: Swift says 401 then, Ceph's RGW 403. */
export function blamesToken(status: number | undefined): boolean {
  return status === 401 || status === 403;
}

/** Whether another try makes sense: the fault was on the way, or Swift's for the moment. */
export function isPassing(error: unknown): boolean {
  if (error instanceof JobError) return error.kind === 'transient';
  if (error instanceof SwiftRefusal) return PASSING.has(error.status) || error.status >= 500;
  return error instanceof SwiftSilence || error instanceof SwiftMismatch || isNetworkError(error);
}

/** Asked to come back, but not told when. ms */
const DEFAULT_SNOOZE_MS = 10_000;

/** Any failure to store, as one of our errors that tells the operator what to do. `where` names Swift and container. */
export function swiftError(cause: unknown, where: string): unknown {
  if (cause instanceof JobError) return cause;
  const context = { step: 'artifacts', cause };
  if (cause instanceof SwiftRefusal) return refusalError(cause, where, context);
  if (cause instanceof SwiftMismatch) return new TransientStepError('SWIFT_CORRUPTED', `${cause.message}.`, context);
  if (!(cause instanceof SwiftSilence) && !isNetworkError(cause)) return cause;
  const text = `${where} cannot be reached (${reasonOf(cause)}). Look whether it runs and the network lets us through.`;
  return new TransientStepError('SWIFT_UNAVAILABLE', text, context);
}

function refusalError(cause: SwiftRefusal, where: string, context: object): JobError {
  const said = `${where} answered with ${cause.message}`;
  switch (cause.status) {
    case 401:
      return new TransientStepError(
        'SWIFT_TOKEN_REFUSED',
        `${said}, to a token that Keystone had just given. Look whether Swift can ask Keystone, and its clock.`,
        context,
      );
    case 403:
      return new PermanentStepError(
        'SWIFT_FORBIDDEN',
        `${said}: the user OS_USERNAME may not write there. Give it the role member in the project, or a write ACL on the container.`,
        context,
      );
    case 404:
      return new TransientStepError('SWIFT_CONTAINER_GONE', `${said}, although the container was just made.`, context);
    case 413:
      return new TransientStepError(
        'SWIFT_QUOTA',
        `${said}: the quota of the container or the account is used up. Raise it, or remove old artifacts.`,
        context,
      );
    case 429:
    case 498:
      return new RateLimitedError(
        'SWIFT_RATE_LIMITED',
        `${said}: too many requests.`,
        cause.retryAfterMs ?? DEFAULT_SNOOZE_MS,
        context,
      );
    case 507:
      return new TransientStepError('SWIFT_FULL', `${said}: its disks are full. Add space there.`, context);
    default:
      return otherError(cause, said, context);
  }
}

function otherError(cause: SwiftRefusal, said: string, context: object): JobError {
  if (isPassing(cause)) return new TransientStepError('SWIFT_UNAVAILABLE', `${said}. Look at its log.`, context);
  const advice = 'Look whether OS_AUTH_URL, OS_REGION_NAME and the catalog lead to a Swift.';
  return new PermanentStepError('SWIFT_REFUSED', `${said}. ${advice}`, context);
}
