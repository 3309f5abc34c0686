import { isQueueUrl } from '../env.forms.js';
import { shaped } from './rows.js';

const URL_RULE =
  'the http or https URL of an SQS queue, such as https://sqs.eu-west-1.amazonaws.com/123456789012/road-jobs';

/** Jobs from and results to queues of SQS. */
export const SQS = {
  SQS: {
    SQS_QUEUE_URL: shaped(
      undefined,
      URL_RULE,
      isQueueUrl,
      'Each message of this queue becomes a job; a FIFO queue has a name that ends in .fifo. See docs/sqs.md.',
    ),
    SQS_RESULT_QUEUE_URL: shaped(undefined, URL_RULE, isQueueUrl, 'The result of each job goes to this queue.'),
  },
};
