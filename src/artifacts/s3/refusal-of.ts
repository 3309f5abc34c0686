import { retryAfterMs } from '../remote/retry-after.js';
import { S3NoKeys, S3Refusal, S3Silence } from './s3.errors.js';

/** The little that is looked at of what the AWS SDK throws. */
interface SdkError {
  name?: unknown;
  message?: unknown;
  code?: unknown;
  Code?: unknown;
  /** The right region of a bucket, where the store tells it. */
  Region?: unknown;
  $metadata?: { httpStatusCode?: number };
  $response?: { statusCode?: number; headers?: Record<string, string | undefined> };
}

/** Stores explain themselves in a sentence; more is a page of HTML. */
const SAID_CHARACTERS = 400;

/** Names that the SDK gives to answers without a word of S3's in them. */
const NO_CODES = ['Error', 'Unknown', 'UnknownError', 'SyntaxError', 'TypeError'];

/**
 * What the SDK throws, as one of this folder's errors; network errors and bugs as they are. Nothing of the SDK's error goes
 * on but code, status and sentence: it holds the signature and all that was signed.
 */
export function refusalOf(thrown: unknown): unknown {
  const { name, code, $metadata, $response } = (thrown ?? {}) as SdkError;
  const status = $response?.statusCode ?? $metadata?.httpStatusCode;
  if (status !== undefined) return refused(thrown as SdkError, status);
  if (typeof name === 'string' && /^(Credentials)?ProviderError$|^TokenProviderError$/.test(name)) {
    return new S3NoKeys(sentenceOf(thrown as SdkError).replace(/\.$/, ''));
  }
  // A socket that was cut is called so, too, but has a code.
  if (name === 'TimeoutError' && code === undefined) return new S3Silence('no byte moved for too long');
  return thrown;
}

function refused(error: SdkError, status: number): S3Refusal {
  const code = [error.Code, error.name].find((word): word is string => typeof word === 'string' && isCode(word));
  const headers = error.$response?.headers ?? {};
  const said = code === undefined ? 'and not as an S3 does' : sentenceOf(error);
  const region = [error.Region, headers['x-amz-bucket-region']].find((word) => typeof word === 'string');
  const where = region === undefined ? '' : `the bucket is in ${JSON.stringify(region)}`;
  const all = [said, where].filter((part) => part !== '').join('; ');
  return new S3Refusal(code ?? '', status, all, retryAfterMs(headers['retry-after']));
}

function isCode(word: string): boolean {
  return /^[A-Z]\w{1,80}$/.test(word) && !NO_CODES.includes(word);
}

function sentenceOf({ message }: SdkError): string {
  const text = typeof message === 'string' && message !== 'UnknownError' ? message : '';
  return text.replaceAll(/\s+/g, ' ').replace(/\.$/, '').slice(0, SAID_CHARACTERS);
}
