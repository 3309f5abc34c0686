import { line, secret } from './rows.js';

/** Whom AWS knows this service as, for all that speaks to it. */
export const AWS = {
  AWS: {
    AWS_REGION: line(undefined, 'Of S3 and SQS, where they have no region of their own.'),
    AWS_ACCESS_KEY_ID: line(
      undefined,
      'Keys of S3 and SQS; not set: what the AWS SDK finds, such as AWS_PROFILE, a web identity, the role of the machine or pod.',
    ),
    AWS_SECRET_ACCESS_KEY: secret(line(undefined)),
    AWS_SESSION_TOKEN: secret(line(undefined, 'Of temporary keys.')),
  },
};
