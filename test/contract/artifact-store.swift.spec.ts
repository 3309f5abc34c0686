import { SwiftArtifactStore } from '../../src/artifacts/swift/swift.store.js';
import { FakeSwift } from '../support/fake-swift.js';
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
