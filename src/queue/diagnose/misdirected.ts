import type { Connection } from '../../redis/connection.js';
import { quietly } from '../../redis/refusal/watch-refusals.js';

/** Java's serialisation header and the tag of a string. */
const JDK_STRING = Buffer.from([0xac, 0xed, 0x00, 0x05, 0x74]);

/**
 * Looks for streams that a misconfigured Spring producer writes next door: under our stream's name as Java or as JSON
 * serialises it. A sentence for each that is there.
 */
export async function findMisdirected(connection: Connection, lanes: readonly string[]): Promise<string[]> {
  const found = await Promise.all(lanes.map((lane) => findNeighboursOf(connection, lane)));
  return found.flat();
}

async function findNeighboursOf(connection: Connection, lane: string): Promise<string[]> {
  // A user with rights to our keys alone may not look there, and need not.
  const exists = (key: Buffer | string): Promise<number> => quietly(() => connection.exists(key)).catch(() => 0);
  const [jdk, json] = await Promise.all([exists(jdkKey(lane)), exists(`"${lane}"`)]);
  const advice = `so ${lane} gets none of its jobs: use StringRedisTemplate, or set the template's keySerializer to StringRedisSerializer.`;
  return [
    ...(jdk === 1 ? [`A producer writes to the Java-serialised key of ${lane}, ${advice}`] : []),
    ...(json === 1 ? [`A producer writes to the key "${lane}" with quotes around it, ${advice}`] : []),
  ];
}

/** A Java string is its length in two bytes, then its bytes. */
function jdkKey(lane: string): Buffer {
  const name = Buffer.from(lane);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(name.length);
  return Buffer.concat([JDK_STRING, length, name]);
}
