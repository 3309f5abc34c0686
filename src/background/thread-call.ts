import { Thread, type ThreadCall } from './thread.js';

/**
 * Runs `file` (a module that calls `serveThread`) in a thread of its own with `input`, and gives back its output.
 * The thread is gone when the promise settles.
 *
 * @throws what `Thread.call` throws
 */
export async function callThread<Output>(file: URL, input: unknown, call: ThreadCall): Promise<Output> {
  call.signal.throwIfAborted();
  const thread = new Thread(file);
  try {
    return await thread.call<Output>(input, call);
  } finally {
    await thread.end();
  }
}
