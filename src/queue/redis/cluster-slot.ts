import { PermanentStepError } from '../../job/errors.js';
import { parseRedisUrl, type RedisSettings } from './connection.js';
import { derivedKey, type QueueNames } from './keys.js';

/** A cluster divides its keys into so many slots. */
const SLOTS = 16_384;

/**
 * The slot of a key in Redis Cluster: CRC-16/XMODEM of its hash tag, or of all of it when it has none.
 * Source: Redis Cluster specification, "Key distribution model" and "Hash tags".
 */
export function slotOf(key: string): number {
  const open = key.indexOf('{');
  const close = key.indexOf('}', open + 1);
  const tag = open >= 0 && close > open + 1 ? key.slice(open + 1, close) : key;
  return crc16(Buffer.from(tag)) % SLOTS;
}

function crc16(bytes: Buffer): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x8000) === 0 ? crc << 1 : (crc << 1) ^ 0x1021;
    crc &= 0xffff;
  }
  return crc;
}

/**
 * Makes sure that a queue on a Redis Cluster lies in one slot: a job changes its stream in one atomic step.
 * @throws PermanentStepError STREAMS_APART with names that would do
 */
export function checkSlots({ url }: RedisSettings, { lanes, dlq }: QueueNames): void {
  if (parseRedisUrl(url).kind !== 'cluster') return;
  const streams = [...lanes, dlq];
  const plainLane = lanes.at(-1) as string;
  if (new Set([...streams, derivedKey(plainLane, 'any')].map(slotOf)).size === 1) return;
  const tag = `{${plainLane.replace(/[{}]/g, '')}}`;
  throw new PermanentStepError(
    'STREAMS_APART',
    `On Redis Cluster all streams of a queue must lie in one slot, and ${streams.join(', ')} do not. Give their names ` +
      `a common hash tag, here and where producers write: for example REDIS_STREAM=${tag}, ` +
      `REDIS_STREAM_HIGH=${tag}:high and REDIS_DLQ_STREAM=${tag}:dlq.`,
  );
}
