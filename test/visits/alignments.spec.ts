import { afterAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { ThreadPool } from '../../src/threads/thread-pool.js';
import { Alignments } from '../../src/visits/alignments.js';
import { Turnstile } from '../../src/visits/turnstile.js';

const threads = new ThreadPool(2);
afterAll(() => threads.close());

/** Counts who asks for pictures. */
async function counted(): Promise<{ pictures: ConstructorParameters<typeof Alignments>[0]; asked: string[] }> {
  const bytes = await sharp({ create: { width: 64, height: 36, channels: 3, background: '#808080' } })
    .jpeg()
    .toBuffer();
  const asked: string[] = [];
  const read = async (_camera: string, visit: string) => {
    asked.push(visit);
    return visit === 'gone' ? undefined : ({ bytes, type: 'image/jpeg' } as const);
  };
  return { pictures: { read }, asked };
}

describe('alignments', () => {
  it('are measured once for all who ask meanwhile and later, of the last ones only', async () => {
    const { pictures, asked } = await counted();
    const alignments = new Alignments(pictures, threads, 2);
    const three = await Promise.all([1, 2, 3].map(() => alignments.between('cam', 'a', 'b')));
    // A picture without any detail says nothing.
    expect(three).toEqual([{ offset: null }, { offset: null }, { offset: null }]);
    await alignments.between('cam', 'c', 'd');
    await alignments.between('cam', 'a', 'b');
    expect(asked).toEqual(['a', 'b', 'c', 'd']);
    await alignments.between('cam', 'e', 'f');
    await alignments.between('cam', 'c', 'd');
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'c', 'd']);
    expect(alignments.size).toBe(2);
  });

  it('that could not be measured are tried again', async () => {
    const { pictures, asked } = await counted();
    const alignments = new Alignments(pictures, threads);
    for (let i = 0; i < 2; i += 1) expect(await alignments.between('cam', 'a', 'gone')).toBeUndefined();
    expect(asked).toEqual(['a', 'gone', 'a', 'gone']);
    const broken = new Alignments({ read: () => Promise.reject(new Error('away')) }, new ThreadPool(1));
    await expect(broken.between('cam', 'a', 'b')).rejects.toThrow('away');
    expect(broken.size).toBe(0);
  });
});

it('lets so many through a turnstile at once, in their order, whatever becomes of them', async () => {
  const turnstile = new Turnstile(2);
  const order: number[] = [];
  let [inside, most] = [0, 0];
  const done = await Promise.allSettled(
    [0, 1, 2, 3, 4].map((i) =>
      turnstile.through(async () => {
        order.push(i);
        most = Math.max(most, ++inside);
        await new Promise((resolve) => setImmediate(resolve));
        inside--;
        if (i === 1) throw new Error('no');
      }),
    ),
  );
  expect([order, most]).toEqual([[0, 1, 2, 3, 4], 2]);
  expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
});
