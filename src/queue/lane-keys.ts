import type { QueueNames } from '../job/kind.js';
import { derivedKey } from '../redis/derived-key.js';

/** The keys that belong to one lane of a group, beside its stream and in the stream's Cluster slot. */
export interface LaneKeys {
  readonly stream: string;
  /** A hash: which life of the stream this is, and how far the group was. See `scripts/lib/life.lua`. */
  readonly record: string;
  /** A sorted set: the entries that wait, by when they come due, ms by Redis' clock. An index of the group's own list. */
  readonly waiting: string;
}

/** The keys of a lane. */
export function laneKeys(stream: string, group: string): LaneKeys {
  return {
    stream,
    record: derivedKey(stream, `group:${group}`),
    waiting: derivedKey(stream, `waiting:${group}`),
  };
}

/** A list: the last settlements of a consumer, by number. It ends ten minutes after the last one. */
export function settledKey(stream: string, group: string, consumer: string): string {
  return derivedKey(stream, `settled:${group}:${consumer}`);
}

/** A set: the entries of a lane that wait for a camera to come back. It ends a day after the last one came. */
export function heldKey(stream: string, group: string, camera: string): string {
  return derivedKey(stream, `held:${group}:${camera}`);
}

/** The keys of what a group knows of cameras that fail, beside its least urgent lane. */
export interface BreakerKeys {
  /** A hash: how often each failed in a row, and when it may be tried again. */
  readonly breakers: string;
  /** A sorted set: when each failed last. */
  readonly recent: string;
  /** A text that changes with the others. */
  readonly revision: string;
  /** A hash: since when each fails, and why. */
  readonly reasons: string;
}

/** The keys of a queue's breakers. */
export function breakerKeys({ lanes, group }: Pick<QueueNames, 'lanes' | 'group'>): BreakerKeys {
  const key = (name: string): string => derivedKey(lanes.at(-1) as string, `${name}:${group}`);
  return {
    breakers: key('breakers'),
    recent: key('breakers-recent'),
    revision: key('breakers-revision'),
    reasons: key('breakers-reasons'),
  };
}

/** A hash: how many dead letters of a queue there are, by code. See `scripts/lib/dead_codes.lua`. */
export function deadCodesKey({ lanes }: Pick<QueueNames, 'lanes'>): string {
  return derivedKey(lanes.at(-1) as string, 'dead');
}

/** A text: when the last dead letter that was put back slowly may run, ms. It ends with that. */
export function paceKey({ lanes }: Pick<QueueNames, 'lanes'>): string {
  return derivedKey(lanes.at(-1) as string, 'redriven');
}

/** The keys of one of a queue's lanes. @param lane its stream */
export function keysOf(lanes: readonly LaneKeys[], lane: string): LaneKeys {
  return lanes.find(({ stream }) => stream === lane) as LaneKeys;
}
