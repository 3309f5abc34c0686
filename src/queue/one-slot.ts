import type { QueueNames, QueueVariables } from '../job/kind.js';
import { derivedKey } from '../redis/derived-key.js';
import { PermanentStepError } from '../job/errors.js';
import { parseRedisUrl } from '../redis/redis-url.js';
import type { RedisSettings } from '../redis/connection.js';

/** A cluster divides its keys into so many slots. */
const SLOTS = 16_384;

const PREPROCESS_VARIABLES: QueueVariables = {
  stream: 'REDIS_STREAM',
  high: 'REDIS_STREAM_HIGH',
  dlq: 'REDIS_DLQ_STREAM',
  results: 'RESULTS_STREAM',
};

/**
 * The slot of a key in Redis Cluster: CRC-16/XMODEM of its hash tag, or of all of it when it has none.
 * Source: Redis Cluster specification, "Key distribution model" and "Hash tags". The package `cluster-key-slot` goes on to
 * the next tag when the first is empty, which Redis does not: it would call names safe that Redis keeps apart.
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
export function checkSlots({ url }: RedisSettings, names: QueueNames): void {
  if (parseRedisUrl(url).kind !== 'cluster') return;
  const { lanes, dlq, results } = names;
  const streams = [...lanes, dlq, ...(results === undefined ? [] : [results])];
  const plainLane = lanes.at(-1) as string;
  if (new Set([...streams, derivedKey(plainLane, 'any')].map(slotOf)).size === 1) return;
  throw new PermanentStepError(
    'STREAMS_APART',
    `On Redis Cluster all streams of a queue must lie in one slot, and ${streams.join(', ')} do not. Give their names ` +
      `a common hash tag, here and where others write and read them: for example ${example(names, plainLane)}.`,
  );
}

function example({ results, variables = PREPROCESS_VARIABLES }: QueueNames, plainLane: string): string {
  const tag = `{${plainLane.replace(/[{}]/g, '')}}`;
  const jobs = `${variables.stream}=${tag}, ${variables.high}=${tag}:high`;
  if (results === undefined) return `${jobs} and ${variables.dlq}=${tag}:dlq`;
  return `${jobs}, ${variables.dlq}=${tag}:dlq and ${variables.results}=${tag}:results`;
}
