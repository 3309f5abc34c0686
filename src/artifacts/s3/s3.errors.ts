import { JobError, PermanentStepError, RateLimitedError, TransientStepError } from '../../job/errors.js';
import { isNetworkError, reasonOf } from '../remote/network-error.js';

/** What the store answered instead of success. Never leaves this folder: {@link s3Error} makes one of ours of it. */
export class S3Refusal extends Error {
  /**
   * @param code S3's own word, such as `AccessDenied`; empty where the answer is not S3's
   * @param retryAfterMs how long it asks us to wait, if it does
   */
  constructor(
    readonly code: string,
    readonly status: number,
    said: string,
    readonly retryAfterMs?: number,
  ) {
    super([`status ${status}`, code, said].filter((part) => part !== '').join(', '));
  }
}

/** No byte moved for longer than we wait, or the whole took too long. */
export class S3Silence extends Error {}

/** What was read is not what was stored. */
export class S3Mismatch extends Error {}

/** There is nobody to ask as: no keys were found anywhere. */
export class S3NoKeys extends Error {}

const CREDENTIALS = ['InvalidAccessKeyId', 'SignatureDoesNotMatch', 'InvalidSecurity', 'NotSignedUp'];
const EXPIRED = ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired', 'InvalidToken'];
const REGION = ['PermanentRedirect', 'TemporaryRedirect', 'Redirect', 'AuthorizationHeaderMalformed'];
const SLOW = [
  ...['SlowDown', 'SlowDownRead', 'SlowDownWrite', 'Throttling', 'ThrottlingException', 'RequestLimitExceeded'],
  ...['TooManyRequests', 'TooManyRequestsException', 'RequestThrottled', 'BandwidthLimitExceeded'],
];
const FULL = ['QuotaExceeded', 'XMinioAdminBucketQuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage'];
const CORRUPTED = ['BadDigest', 'IncompleteBody', 'XAmzContentSHA256Mismatch'];
/** The clock: the SDK has taken the store's time from the answer and signs the next call with it. */
const PASSING = ['RequestTimeout', 'RequestTimeTooSkewed', 'OperationAborted', 'ConditionalRequestConflict'];
const PASSING_STATUS = new Set([408, 425, 429]);

/** Asked to come back, but not told when. ms */
const DEFAULT_SNOOZE_MS = 10_000;

/** Whether the keys have run out: others may be there by now. */
export function blamesKeys(error: unknown): boolean {
  return error instanceof S3Refusal && EXPIRED.includes(error.code);
}

/** Whether another try makes sense: the fault was on the way, or the store's for the moment. */
export function isS3Passing(error: unknown): boolean {
  if (error instanceof JobError) return error.kind === 'transient';
  if (!(error instanceof S3Refusal)) {
    return error instanceof S3Silence || error instanceof S3Mismatch || isNetworkError(error);
  }
  if (error.status >= 500 || PASSING_STATUS.has(error.status)) return true;
  return [...PASSING, ...SLOW, ...CORRUPTED].includes(error.code);
}

/** What errors name: the store and bucket as a sentence begins with them, and what the keys need. */
export interface S3Place {
  /** `The S3 store at host (bucket name)`. */
  readonly where: string;
  readonly bucket: string;
  readonly keyPrefix: string;
}

/** Any failure to store, as one of our errors that tells the operator what to do. */
export function s3Error(cause: unknown, place: S3Place): unknown {
  if (cause instanceof JobError) return cause;
  const { where } = place;
  const context = { step: 'artifacts', cause };
  if (cause instanceof S3Refusal) return refusalError(cause, place, context);
  if (cause instanceof S3NoKeys) {
    const advice = 'Set S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or give the machine a profile or role.';
    return new PermanentStepError(
      'S3_CREDENTIALS',
      `There are no keys for ${where}: ${cause.message}. ${advice}`,
      context,
    );
  }
  if (cause instanceof S3Mismatch) return new TransientStepError('S3_CORRUPTED', `${cause.message}.`, context);
  if (!(cause instanceof S3Silence) && !isNetworkError(cause)) return cause;
  const text = `${where} cannot be reached (${reasonOf(cause)}). Look whether it runs, S3_ENDPOINT is right and the network lets us through.`;
  return new TransientStepError('S3_UNAVAILABLE', text, context);
}

function refusalError(cause: S3Refusal, place: S3Place, context: object): JobError {
  const { code, status } = cause;
  const said = `${place.where} answered with ${cause.message}`;
  const permanent = (own: string, advice: string): JobError =>
    new PermanentStepError(own, `${said}. ${advice}`, context);
  const transient = (own: string, advice: string): JobError =>
    new TransientStepError(own, `${said}. ${advice}`, context);
  if (code === 'NoSuchBucket') {
    return permanent('S3_NO_BUCKET', `Make the bucket ${place.bucket}, or correct S3_BUCKET and S3_ENDPOINT.`);
  }
  // The answer to the call that finished it was lost, or the store took it back: the object may be there or not.
  if (code === 'NoSuchUpload')
    return transient('S3_UPLOAD_GONE', 'The upload ended meanwhile: it is made anew with the job.');
  if (EXPIRED.includes(code)) {
    return transient(
      'S3_CREDENTIALS_EXPIRED',
      'The keys are temporary and have run out: renew them where they come from.',
    );
  }
  if (CREDENTIALS.includes(code)) {
    return permanent(
      'S3_CREDENTIALS',
      'Look at S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, or at the profile or role in their place.',
    );
  }
  if (code === 'RequestTimeTooSkewed') return transient('S3_CLOCK', "Set this machine's clock by NTP, or the store's.");
  if (REGION.includes(code) || (status >= 300 && status < 400)) {
    return permanent('S3_REGION', 'Set S3_REGION to the region of the bucket, and S3_ENDPOINT to its address there.');
  }
  if (SLOW.includes(code) || status === 429) {
    const wait = cause.retryAfterMs ?? DEFAULT_SNOOZE_MS;
    return new RateLimitedError('S3_RATE_LIMITED', `${said}: too many requests.`, wait, context);
  }
  if (FULL.includes(code) || status === 507) {
    return transient(
      'S3_FULL',
      'Its disks are full or the quota of the bucket is used up: add space, or remove old artifacts.',
    );
  }
  if (CORRUPTED.includes(code)) return transient('S3_CORRUPTED', 'Something on the way there changes what is sent.');
  if (status === 403) return permanent('S3_FORBIDDEN', rightsOf(place));
  if (isS3Passing(cause)) return transient('S3_UNAVAILABLE', 'Look at its log.');
  return permanent('S3_REFUSED', 'Look whether S3_ENDPOINT leads to an S3 and S3_PATH_STYLE suits it.');
}

/** What the keys need, as a sentence. */
function rightsOf({ bucket, keyPrefix }: S3Place): string {
  const actions = 's3:PutObject, s3:GetObject, s3:DeleteObject and s3:AbortMultipartUpload';
  return `Allow these keys ${actions} on ${bucket}/${keyPrefix}*, and s3:ListBucket on ${bucket}.`;
}
