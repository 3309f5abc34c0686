import { S3ArtifactStore } from '../../src/artifacts/s3/s3.store.js';
import { describeArtifactStore, type StoreUnderTest } from '../contract/artifact-store.contract.js';
import { SwiftLab, TEST_PATIENCE } from '../support/swift-lab/swift-lab.js';

const MB = 1024 * 1024;

async function openBucket(): Promise<StoreUnderTest> {
  const lab = SwiftLab.running();
  const bucket = `contract-s3-${process.pid}`;
  await lab.swift('post', bucket);
  return {
    store: new S3ArtifactStore(lab.s3Settings(bucket), TEST_PATIENCE),
    read: (name) => lab.read(bucket, name),
    list: () => lab.names(bucket),
    close: async () => {
      // What was begun and never completed would lie there.
      const left = await lab.names(`${bucket}+segments`);
      await lab.remove(`${bucket}+segments`);
      await lab.remove(bucket);
      const parts = left.filter((name) => !/^(put|fetch)\/large\//.test(name));
      if (parts.length > 0) throw new Error(`Uploads were left in pieces: ${parts.join(', ')}`);
    },
  };
}

describeArtifactStore('S3 of a real Swift', openBucket, { largeBytes: 64 * MB });
