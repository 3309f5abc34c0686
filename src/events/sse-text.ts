import { positionText, type Position } from './position.js';
import type { RoadEvent } from './road-event.js';

/** So long a client waits before it connects again. ms */
const RETRY_MS = 2_000;
/** While the process that it would reach is still stopping. ms */
const RETRY_STOPPING_MS = 5_000;

/** What every stream begins with. */
export const HELLO = `retry: ${RETRY_MS}\n\n`;

/** All of the stream of a process that stops: a client that is refused might never come again. */
export const STOPPING = `retry: ${RETRY_STOPPING_MS}\n: this process stops\n\n`;

/** One event as it goes over the wire: see "Server-sent events" in the HTML standard. */
export function sseText(position: Position, { type, data }: Pick<RoadEvent, 'type' | 'data'>): string {
  const lines = data.split(/\r\n|\r|\n/).map((line) => `data: ${line}\n`);
  return `id: ${positionText(position)}\nevent: ${type.replace(/[\r\n]/g, ' ')}\n${lines.join('')}\n`;
}

/**
 * A sign of life, which clients do not tell anybody. The position comes along: the events in between were not for them, and
 * need not be looked at when they come back.
 */
export function beatText(position: Position | undefined): string {
  return position === undefined ? ':\n\n' : `:\nid: ${positionText(position)}\n\n`;
}
