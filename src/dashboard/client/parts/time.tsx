import { signal } from '@preact/signals';
import { ago, moment } from '../format.js';
import { isSeen } from '../resource.js';

/** The time of what says how long ago something was: it goes on while the tab is seen. ms since the epoch */
export const now = signal(Date.now());
setInterval(() => {
  if (isSeen.peek()) now.value = Date.now();
}, 5_000);

/** A moment as how long ago it was; the moment itself on a longer look. */
export function Time({ at }: { readonly at: string | null | undefined }) {
  if (at === null || at === undefined || Number.isNaN(Date.parse(at))) return <span class="quiet">–</span>;
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(at, Math.max(now.value, Date.now()))}
    </time>
  );
}
