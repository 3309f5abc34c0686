import { S3ArtifactStore } from '../../src/artifacts/s3/s3.store.js';
import { FakeS3 } from '../support/fake-s3.js';
import { describeArtifactStore, type StoreUnderTest } from './artifact-store.contract.js';

const MB = 1024 * 1024;

async function openFake(): Promise<StoreUnderTest> {
  const fake = await FakeS3.start();
  return {
    store: new S3ArtifactStore(fake.settings()),
    read: async (name) => fake.objects.get(name)?.bytes,
    list: async () => [...fake.keys, ...fake.uploads.keys()].sort(),
    close: () => fake.stop(),
  };
}

// A real one: test/swift.
describeArtifactStore('S3, as far as a fake one goes', openFake, { largeBytes: 24 * MB });
