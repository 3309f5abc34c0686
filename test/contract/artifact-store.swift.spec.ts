import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { SwiftArtifactStore } from '../../src/artifacts/swift/swift.store.js';
import { FakeSwift } from '../support/fake-swift.js';
import { useFolder } from '../support/use-folder.js';
import { describeArtifactStore, type StoreUnderTest } from './artifact-store.contract.js';

const MB = 1024 * 1024;
const CONTAINER = 'of the contract';

async function openFake(): Promise<StoreUnderTest> {
  const fake = await FakeSwift.start();
  return {
    store: new SwiftArtifactStore(fake.settings(CONTAINER)),
    read: async (name) => fake.objects.get(`${CONTAINER}/${name}`),
    list: async () => [...fake.objects.keys()].map((key) => key.slice(CONTAINER.length + 1)).sort(),
    close: () => fake.stop(),
  };
}

// The real one: test/swift.
describeArtifactStore('Swift, as far as a fake one goes', openFake, { largeBytes: 8 * MB });

const folder = useFolder('fetched');

describe('the Swift store', () => {
  it('fetches again what broke off half way', async () => {
    const fake = await FakeSwift.start();
    const store = new SwiftArtifactStore(fake.settings(CONTAINER));
    const never = new AbortController().signal;
    await store.put('x', { contentType: 'text/plain', source: () => Buffer.from('0123456789') }, never);
    fake.cuts = 1;
    expect(await store.fetch('x', folder.at('x'), 100, never)).toBe(10);
    expect(await readFile(folder.at('x'), 'utf8')).toBe('0123456789');
    expect(fake.cuts).toBeLessThan(0);
    await fake.stop();
  });
});
