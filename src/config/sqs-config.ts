import type { Env } from './table/table.js';

/** Queues of SQS. */
export interface SqsConfig {
  /** Where jobs come from. */
  readonly jobs: SqsQueueConfig | undefined;
  /** Where results go to. */
  readonly results: SqsQueueConfig | undefined;
  /** Undefined: what the SDK finds, such as the role of the machine. */
  readonly keys: Keys | undefined;
}

/** One queue. */
export interface SqsQueueConfig {
  /** Holds no secret. */
  readonly url: string;
  /** The last part of its URL. */
  readonly name: string;
  /** Calls are signed for it. */
  readonly region: string;
  /** The variable that names it. */
  readonly variable: 'SQS_QUEUE_URL' | 'SQS_RESULT_QUEUE_URL';
}

/** Whom AWS knows this service as. */
interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** Servers that speak the protocol elsewhere do not look at the region, but calls are signed for one. */
const ANY_REGION = 'us-east-1';

/** The checked variables about SQS as a group. */
export function groupSqs(env: Env): SqsConfig {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env;
  const isWhole = accessKeyId !== undefined && secretAccessKey !== undefined;
  return {
    jobs: queueOf('SQS_QUEUE_URL', env),
    results: queueOf('SQS_RESULT_QUEUE_URL', env),
    keys: isWhole ? { accessKeyId, secretAccessKey, sessionToken: token } : undefined,
  };
}

/** What is wrong although every variable by itself is right: one line per problem. */
export function sqsContradictions(env: Env): string[] {
  if (env.SQS_QUEUE_URL === undefined || env.SQS_QUEUE_URL !== env.SQS_RESULT_QUEUE_URL) return [];
  return ['SQS_RESULT_QUEUE_URL: is the same queue as SQS_QUEUE_URL; must be another one'];
}

function queueOf(variable: SqsQueueConfig['variable'], env: Env): SqsQueueConfig | undefined {
  const url = env[variable];
  if (url === undefined) return undefined;
  const name = new URL(url).pathname.split('/').at(-1) as string;
  return { url, name, variable, region: regionOf(url) ?? env.AWS_REGION ?? ANY_REGION };
}

/** The region that a URL of AWS names, as in `sqs.eu-west-1.amazonaws.com`: AWS takes calls that are signed for it only. */
function regionOf(url: string): string | undefined {
  const { hostname } = new URL(url);
  if (!/\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/.test(hostname)) return undefined;
  return /(?:^|[.])([a-z]{2}(?:-[a-z]+)+-\d)[.]/.exec(hostname)?.[1];
}
