import { useSignal, type Signal } from '@preact/signals';
import type { ApiError } from '../api.js';
import { asApiError } from '../resource.js';

/** Something that a person has the service do. */
export interface Act {
  readonly isBusy: Signal<boolean>;
  /** Why the last one did not work. */
  readonly error: Signal<ApiError | undefined>;
  /** Does it unless one is being done; gives whether it worked. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

/** One call at a time, with what went wrong. */
export function useAct(): Act {
  const isBusy = useSignal(false);
  const error = useSignal<ApiError | undefined>(undefined);
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (isBusy.value) return false;
    isBusy.value = true;
    error.value = undefined;
    try {
      await work();
      return true;
    } catch (problem) {
      error.value = asApiError(problem);
      return false;
    } finally {
      isBusy.value = false;
    }
  };
  return { isBusy, error, run };
}
