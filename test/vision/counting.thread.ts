import { threadId } from 'node:worker_threads';
import { task } from '../../src/threads/thread-serve.js';
import { PermanentStepError } from '../../src/job/errors.js';

let calls = 0;

/** Tells which thread it is and how many calls it has had, unless told to behave in another way. */
export default task(async (behaviour: string, { signal, step }) => {
  calls++;
  step('count');
  if (behaviour === 'fail') throw new PermanentStepError('NO', 'No.');
  if (behaviour === 'crash') process.exit(3);
  if (behaviour === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve));
  return { output: { threadId, calls }, transfer: [] };
});
