import { isMainThread } from 'node:worker_threads';

/** What keeps onnxruntime from looking up a host of its maker's, and from writing down this machine's id and its models. */
const SILENCE = 'ORT_DISABLE_TELEMETRY';

// The runtime reads the environment of the process when it is loaded, and a thread has only a copy of that. So whoever
// starts threads that load it imports this file, in the main thread, whatever the operator set.
if (isMainThread) process.env[SILENCE] = '1';

/** @throws Error in a thread of a process that was not silenced: the runtime is better not loaded than heard elsewhere */
export function assertSilenced(): void {
  if (process.env[SILENCE] === '1') return;
  throw new Error(
    `onnxruntime would call home: import quiet-runtime before this thread is started, or set ${SILENCE}=1.`,
  );
}
