import { Redis } from 'ioredis';
import type { Order, Tally } from '../consumer.js';

/** The least that a consumer group asks for: acknowledge what was read and read again, in one flight. Promises nothing. */
export async function drainWithBare({ url, stream, concurrency }: Order, tally: Tally): Promise<() => Promise<void>> {
  const redis = new Redis(url, { protocol: 2 });
  await redis.xgroup('CREATE', stream, 'workers', '0', 'MKSTREAM').catch(() => undefined);
  let stopping = false;
  const loop = (async () => {
    let ids: Buffer[] = [];
    while (!stopping) {
      const pipeline = redis.pipeline();
      if (ids.length > 0) pipeline.xack(stream, 'workers', ...ids);
      pipeline.xreadgroupBuffer(
        'GROUP',
        'workers',
        'bare',
        'COUNT',
        concurrency,
        'BLOCK',
        1_000,
        'STREAMS',
        stream,
        '>',
      );
      const replies = await pipeline.exec();
      const read = replies?.at(-1)?.[1] as [Buffer, [Buffer, Buffer[]][]][] | null;
      const entries = read?.[0]?.[1] ?? [];
      ids = entries.map(([id]) => id);
      await Promise.all(entries.map(([, fields]) => handle(fields, tally)));
    }
    if (ids.length > 0) await redis.xack(stream, 'workers', ...ids);
  })();
  return async () => {
    stopping = true;
    await loop;
    redis.disconnect();
  };
}

async function handle(fields: Buffer[], tally: Tally): Promise<void> {
  tally.started(() => String(fields[1]));
  return Promise.resolve();
}
