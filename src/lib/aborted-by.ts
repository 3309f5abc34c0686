/**
 * Runs work under a signal of its own that aborts with the first of `signals`, and with its reason. When the work ends, nothing
 * of it stays registered with them: a signal that lives as long as the process would keep what `AbortSignal.any` ties to it
 * (Node 20), once for each call.
 * @param work is called at once, in the same tick, also when one of the signals has aborted already
 */
export async function abortedBy<T>(
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const links = signals.map((signal) => ({ signal, onAbort: (): void => own.abort(signal.reason) }));
  for (const { signal, onAbort } of links) {
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort);
  }
  try {
    return await work(own.signal);
  } finally {
    for (const { signal, onAbort } of links) signal.removeEventListener('abort', onAbort);
  }
}
