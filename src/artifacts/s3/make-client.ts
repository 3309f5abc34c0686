import { S3Client } from '@aws-sdk/client-s3';
import type { RetryPace } from '../remote/retry-pace.js';
import type { S3Keys, S3Settings } from './s3.settings.js';

const QUIET = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/**
 * A client of the AWS SDK that makes each call once, and says nothing. What the SDK does by itself is left out where it does
 * harm: its checksums come as trailers that other stores do not know, and the SHA-256 of a body would keep the event
 * loop. The MD5 that goes with each body is signed, and does the same.
 */
export function makeClient(settings: S3Settings, { idleMs }: RetryPace): S3Client {
  const { endpoint, region, keys, pathStyle } = settings;
  const options = {
    region,
    forcePathStyle: pathStyle,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(keys === undefined ? {} : { credentials: identityOf(keys) }),
    requestChecksumCalculation: 'WHEN_REQUIRED' as const,
    responseChecksumValidation: 'WHEN_REQUIRED' as const,
    // Some stores never answer to it, and each upload would wait.
    expectContinueHeader: false,
    // Shared files of keys are read again when keys are fetched anew; by itself the SDK reads them once a process. Its type does
    // not name it.
    ignoreCache: true,
    requestHandler: { connectionTimeout: idleMs, socketTimeout: idleMs, requestTimeout: 0 },
    logger: QUIET,
  };
  const client = new S3Client(options);
  // In the place of what tries again, and warns on the console of what it cannot try again.
  const onlyOnce = { step: 'finalizeRequest', name: 'retryMiddleware', priority: 'high', override: true } as const;
  client.middlewareStack.add((next) => next, onlyOnce);
  client.middlewareStack.add(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      headers['x-amz-content-sha256'] ??= 'UNSIGNED-PAYLOAD';
      return next(args);
    },
    { step: 'build', name: 'unsignedPayload' },
  );
  return client;
}

function identityOf({ accessKeyId, secretAccessKey, sessionToken }: S3Keys): {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
} {
  return { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
}

function ignore(): void {
  // Whoever calls says what there is to say.
}
