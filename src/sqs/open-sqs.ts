import type * as Sqs from '@aws-sdk/client-sqs';
import { loadLibrary } from '../lib/optional-library.js';
import type { SqsKeys, SqsPace, SqsQueueSettings } from './sqs-settings.js';

/** The package, once it is loaded. */
export type SqsLibrary = typeof Sqs;

/** Loads the package. @throws LibraryMissingError @param variable the setting that asks for it */
export function loadSqs(variable: string): Promise<SqsLibrary> {
  const library = { name: '@aws-sdk/client-sqs', range: '^3', variable };
  return loadLibrary(library, () => import('@aws-sdk/client-sqs'));
}

/** A call that waits takes so much longer than its wait before it is given up, beside what is configured, ms. */
const CONNECT_WITHIN_MS = 5_000;

/**
 * A client for one queue.
 *
 * - `endpoint`: that of the URL. By itself the SDK would go there as well, but warns on the console of each call.
 * - `throwOnRequestTimeout`: without it a server that falls silent keeps a call for ever; `requestTimeout` alone only warns.
 * - `ignoreCache`: the SDK reads shared credentials files once a process. So each new client reads them again.
 */
export function openClient(
  { SQSClient: Client }: SqsLibrary,
  { url, region }: SqsQueueSettings,
  keys: SqsKeys,
  { waitSeconds, silenceMs, attempts }: SqsPace,
): Sqs.SQSClient {
  const { accessKeyId, secretAccessKey, sessionToken } = keys ?? {};
  const isGiven = accessKeyId !== undefined && secretAccessKey !== undefined;
  const settings = {
    region,
    endpoint: new URL(url).origin,
    maxAttempts: attempts,
    requestHandler: {
      connectionTimeout: CONNECT_WITHIN_MS,
      requestTimeout: waitSeconds * 1_000 + silenceMs,
      throwOnRequestTimeout: true,
    },
    ...(isGiven
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) } }
      : {}),
    ignoreCache: true,
  };
  return new Client(settings);
}
