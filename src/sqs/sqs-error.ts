import { OutageError, type JobError } from '../job/errors.js';

/** What the SDK throws, as far as it is looked at. */
interface Thrown {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** Why a call failed, by the names that AWS gives its errors. */
const NAMES: readonly [kind: SqsTrouble, names: RegExp][] = [
  ['SQS_CREDENTIALS_MISSING', /^(?:CredentialsProviderError|TokenProviderError|MissingAuthenticationToken\w*)$/],
  ['SQS_CREDENTIALS_EXPIRED', /^(?:ExpiredToken\w*|RequestExpired)$/],
  [
    'SQS_CREDENTIALS_REFUSED',
    /^(?:InvalidClientTokenId|UnrecognizedClientException|InvalidAccessKeyId|SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature\w*|InvalidSecurity|OptInRequired)$/,
  ],
  ['SQS_DENIED', /^(?:AccessDenied\w*|NotAuthorized|KmsAccessDenied|AuthorizationError\w*)$/],
  [
    'SQS_QUEUE_MISSING',
    /^(?:QueueDoesNotExist|NonExistentQueue|AWS\.SimpleQueueService\.NonExistentQueue|QueueDeletedRecently)$/,
  ],
  ['SQS_THROTTLED', /^(?:RequestThrottled\w*|Throttl\w+|OverLimit|KmsThrottled|TooManyRequests\w*|SlowDown)$/],
];

/** What may keep us from a queue: the code of the error. */
export type SqsTrouble =
  | 'SQS_CREDENTIALS_MISSING'
  | 'SQS_CREDENTIALS_EXPIRED'
  | 'SQS_CREDENTIALS_REFUSED'
  | 'SQS_DENIED'
  | 'SQS_QUEUE_MISSING'
  | 'SQS_THROTTLED'
  | 'SQS_UNAVAILABLE'
  | 'SQS_UNREACHABLE'
  | 'SQS_GARBLED'
  | 'SQS_REFUSED';

/** What is said, to follow the queue's name. What AWS itself says may hold account numbers and what was signed: it is not repeated. */
const SENTENCES: Record<SqsTrouble, string> = {
  SQS_CREDENTIALS_MISSING:
    'there are no credentials. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or give the machine or pod a role.',
  SQS_CREDENTIALS_EXPIRED:
    'the credentials have expired. Renew them; a shared credentials file or a role is read again by itself, variables with the next start.',
  SQS_CREDENTIALS_REFUSED: 'AWS does not know these credentials. Correct the access key, its secret or its token.',
  SQS_DENIED: 'these credentials may not do this. Allow the right that docs/sqs.md names.',
  SQS_QUEUE_MISSING: 'there is no such queue. Correct its URL, or create it.',
  SQS_THROTTLED: 'SQS asks for fewer calls.',
  SQS_UNAVAILABLE: 'SQS has trouble of its own.',
  SQS_UNREACHABLE: 'SQS cannot be reached. Check the URL, the network and any proxy.',
  SQS_GARBLED: 'a message came in other bytes than it was sent. Check any proxy in between.',
  SQS_REFUSED: 'SQS refuses the call.',
};

/** An error of the SDK as one of ours, for the operator. @param what was tried, and at which queue: `ReceiveMessage from roads` */
export function sqsError(error: unknown, what: string): JobError {
  const trouble = troubleOf(error as Thrown);
  const { name = 'Error', code } = error as Thrown;
  return new OutageError(trouble, `${what}: ${SENTENCES[trouble]} (${code ?? name})`, { cause: error });
}

/** Whether new credentials may help. */
export function isOfCredentials({ code }: JobError): boolean {
  return code.startsWith('SQS_CREDENTIALS_');
}

function troubleOf({ name = '', message = '', $metadata }: Thrown): SqsTrouble {
  const named = NAMES.find(([, names]) => names.test(name))?.[0];
  if (named !== undefined) return named;
  const status = $metadata?.httpStatusCode;
  // The SDK's own look at what came has no name.
  if (message.includes('checksum')) return 'SQS_GARBLED';
  if (status === undefined) return 'SQS_UNREACHABLE';
  return status >= 500 ? 'SQS_UNAVAILABLE' : 'SQS_REFUSED';
}
