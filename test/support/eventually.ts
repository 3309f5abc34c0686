import { setTimeout as after } from 'node:timers/promises';

/**
 * Waits until `probe` gives something other than undefined or false, and gives it back. For states that the outside
 * world shows but does not announce.
 */
export async function eventually<T>(
  what: string,
  probe: () => T | Promise<T>,
  withinMs = 15_000,
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value as Exclude<T, undefined | false>;
    if (Date.now() > deadline) throw new Error(`It did not come about within ${withinMs} ms: ${what}`);
    await after(20);
  }
}
