import { SwiftArtifactStore } from '../../src/artifacts/swift/swift.store.js';
import { describeArtifactStore, type StoreUnderTest } from '../contract/artifact-store.contract.js';
import { openFolder } from '../contract/open-folder.js';
import { SwiftLab, TEST_PATIENCE } from '../support/swift-lab/swift-lab.js';

const GB = 1024 ** 3;

async function openSwift(): Promise<StoreUnderTest> {
  const lab = SwiftLab.running();
  const container = `contract ${process.pid} 계약`;
  return {
    store: new SwiftArtifactStore(lab.settings(container), TEST_PATIENCE),
    read: (name) => lab.read(container, name),
    list: () => lab.names(container),
    close: () => lab.remove(container),
  };
}

describeArtifactStore('a real Swift', openSwift, { largeBytes: GB });
describeArtifactStore('a folder', openFolder, { largeBytes: GB });
