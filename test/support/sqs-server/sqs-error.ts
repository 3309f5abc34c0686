/** An error as the service tells it: by the name in its model, and by the code that it has in the older protocol. */
export class SqsError extends Error {
  constructor(
    readonly type: string,
    message: string,
    readonly queryCode = type,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** What credentials come to, and other answers that a test asks for. */
export const ERRORS = {
  expired: () =>
    new SqsError('ExpiredToken', 'The security token included in the request is expired', 'ExpiredToken', 403),
  unknownKey: () =>
    new SqsError(
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
      'InvalidClientTokenId',
      403,
    ),
  denied: () =>
    new SqsError(
      'AccessDeniedException',
      'User: arn:aws:iam::000000000000:user/roads is not authorized to perform: sqs:receivemessage on resource: arn:aws:sqs:eu-west-1:000000000000:roads',
      'AccessDenied',
      403,
    ),
  throttled: () =>
    new SqsError('RequestThrottled', 'The request was denied due to request throttling.', 'RequestThrottled', 400),
  broken: () => new SqsError('InternalFailure', 'The request processing has failed.', 'InternalFailure', 500),
  unavailable: () => new SqsError('ServiceUnavailable', 'Service is unavailable.', 'ServiceUnavailable', 503),
  noQueue: () =>
    new SqsError('QueueDoesNotExist', 'The specified queue does not exist.', 'AWS.SimpleQueueService.NonExistentQueue'),
} as const;
