import { signal } from '@preact/signals';
import { apiUrl } from './api.js';

/** Something that happened; `data` as docs/events.md has it. */
export interface LiveEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

type Listener = (event: LiveEvent) => void;

/** Whether events come in: `off` while nobody listens or the tab is hidden, `lost` while the service is away. */
export const liveState = signal<'off' | 'on' | 'lost'>('off');

const RETRY_MS = 5_000;

const listeners = new Map<Listener, readonly string[]>();
let source: EventSource | undefined;
let retry: ReturnType<typeof setTimeout> | undefined;
let lastId = '';
let openTypes = '';

/**
 * Hears of events of these types until the returned function is called. `resync` comes always: read anew what is shown. While the
 * tab is hidden nothing is heard; after that what was missed comes, in order.
 */
export function listen(types: readonly string[], listener: Listener): () => void {
  listeners.set(listener, types);
  queueMicrotask(adjust);
  return () => {
    listeners.delete(listener);
    queueMicrotask(adjust);
  };
}

/** One stream for the page, of just the types that somebody wants. */
function adjust(): void {
  const types = [...new Set([...listeners.values()].flat())].sort().join();
  const isWanted = types !== '' && document.visibilityState === 'visible';
  if (!isWanted) return close('off');
  if (source !== undefined && openTypes === types) return;
  // What the new types told before is no concern of who has just begun to listen.
  close('off');
  open(types);
}

function open(types: string): void {
  openTypes = types;
  const stream = new EventSource(apiUrl('events', { types, lastEventId: lastId }));
  source = stream;
  stream.onopen = () => {
    liveState.value = 'on';
    // Nothing says from where on it tells: what changed before it began, nobody told.
    if (lastId === '') tell({ type: 'resync', data: {} });
  };
  stream.onerror = () => {
    liveState.value = 'lost';
    // A refusal ends it for good; anything else it mends by itself.
    if (stream.readyState === EventSource.CLOSED) retry = setTimeout(() => reopen(types), RETRY_MS);
  };
  for (const type of [...types.split(','), 'resync']) {
    stream.addEventListener(type, (event: MessageEvent<string>) => hear(type, event));
  }
}

function reopen(types: string): void {
  close('lost');
  open(types);
}

function close(state: 'off' | 'lost'): void {
  clearTimeout(retry);
  source?.close();
  source = undefined;
  liveState.value = state;
}

function hear(type: string, { data, lastEventId }: MessageEvent<string>): void {
  if (lastEventId !== '') lastId = lastEventId;
  tell({ type, data: JSON.parse(data) as LiveEvent['data'] });
}

function tell(event: LiveEvent): void {
  const isForAll = event.type === 'resync';
  for (const [listener, types] of [...listeners]) if (isForAll || types.includes(event.type)) listener(event);
}

document.addEventListener('visibilitychange', adjust);
