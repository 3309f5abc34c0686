import { signal, useSignal, type ReadonlySignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ApiError } from './api.js';
import { listen, type LiveEvent } from './live.js';

/** What a page shows, as far as it is known. */
export interface Resource<T> {
  readonly data: ReadonlySignal<T | undefined>;
  readonly error: ReadonlySignal<ApiError | undefined>;
  /** Reads it anew. */
  reload(): void;
}

/** How a page keeps up. */
export interface Upkeep {
  /** Events that say that something changed. */
  readonly events?: readonly string[];
  /** Only events about this camera count; all if left out. */
  readonly cctvId?: string;
  /** For what no event tells of. ms */
  readonly everyMs?: number;
  /** Many events within this time cost one more look. ms */
  readonly gatherMs?: number;
}

/** ms */
const GATHER_MS = 1_000;

/** Whether the tab is seen; a hidden one asks nothing. */
export const isSeen = signal(document.visibilityState === 'visible');
document.addEventListener('visibilitychange', () => (isSeen.value = document.visibilityState === 'visible'));

/**
 * Reads something and keeps it fresh while the tab is seen; what it missed while hidden it reads once when it is seen again.
 * @param key what it depends on: another key reads anew
 */
export function useResource<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  upkeep: Upkeep = {},
): Resource<T> {
  const data = useSignal<T | undefined>(undefined);
  const error = useSignal<ApiError | undefined>(undefined);
  const current = useRef(load);
  current.current = load;
  const reading = useRef<Reading | undefined>(undefined);
  const types = upkeep.events?.join() ?? '';
  useEffect(() => {
    const read = async (signal: AbortSignal): Promise<void> => {
      try {
        data.value = await current.current(signal);
        error.value = undefined;
      } catch (problem) {
        if (!signal.aborted) error.value = asApiError(problem);
      }
    };
    const made = new Reading(read, upkeep.gatherMs ?? GATHER_MS);
    reading.current = made;
    made.now();
    const unlisten =
      types === '' ? undefined : listen(types.split(','), (event) => isAbout(event, upkeep.cctvId) && made.soon());
    const timer = upkeep.everyMs === undefined ? undefined : setInterval(() => made.now(), upkeep.everyMs);
    return () => {
      unlisten?.();
      clearInterval(timer);
      made.end();
    };
  }, [key, types, upkeep.everyMs, upkeep.cctvId]);
  return { data, error, reload: () => reading.current?.now() };
}

/** After a `resync` anything may have changed. */
function isAbout({ type, data }: LiveEvent, cctvId: string | undefined): boolean {
  return cctvId === undefined || type === 'resync' || data['cctvId'] === cctvId;
}

/** Reads one at a time, and not while the tab is hidden. */
class Reading {
  private readonly aborter = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOn = false;
  private isDue = false;
  private readonly unwatch = isSeen.subscribe((seen) => {
    if (seen && this.isDue) this.now();
  });

  constructor(
    private readonly read: (signal: AbortSignal) => Promise<void>,
    private readonly gatherMs: number,
  ) {}

  now(): void {
    this.isDue = true;
    if (this.isOn || !isSeen.peek() || this.aborter.signal.aborted) return;
    this.isDue = false;
    this.isOn = true;
    void this.read(this.aborter.signal).finally(() => {
      this.isOn = false;
      if (this.isDue) this.soon();
    });
  }

  soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.now();
    }, this.gatherMs);
  }

  end(): void {
    clearTimeout(this.timer);
    this.unwatch();
    this.aborter.abort();
  }
}

/** Whatever was thrown, as something that can be shown. */
export function asApiError(problem: unknown): ApiError {
  if (problem instanceof ApiError) return problem;
  return new ApiError(0, 'PAGE_FAILED', problem instanceof Error ? problem.message : String(problem), {});
}
