/** An answer, or undefined when it takes longer than `ms` or fails. */
export async function within<T>(ms: number, answer: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), ms)));
  const quiet = answer.catch(() => undefined);
  try {
    return await Promise.race([quiet, late]);
  } finally {
    clearTimeout(timer);
  }
}
