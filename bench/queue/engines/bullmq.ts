import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Order, Tally } from '../consumer.js';

/** BullMQ with its defaults but one: completed jobs are removed at once, so that it is not charged for a history. */
export async function drainWithBullmq({ url, stream, concurrency }: Order, tally: Tally): Promise<() => Promise<void>> {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const worker = new Worker<{ name: string }>(
    stream,
    (job) => {
      tally.started(() => job.data.name);
      return Promise.resolve();
    },
    { connection, concurrency, removeOnComplete: { count: 0 } },
  );
  await worker.waitUntilReady();
  return async () => {
    await worker.close();
    connection.disconnect();
  };
}
