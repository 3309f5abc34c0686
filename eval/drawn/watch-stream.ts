import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';
import type { CapturedFrames } from '../../src/capture/frame-source.js';
import { CaptureBench } from '../../test/support/capture-bench.js';

/** Watches `clip.m3u8` of a folder for `seconds` as a job would, over the network: damaged frames are left out. */
export async function watchStream(folder: string, seconds: number): Promise<CapturedFrames> {
  const server = createServer((request, response) => {
    createReadStream(join(folder, basename(request.url ?? '')))
      .on('error', () => response.destroy())
      .pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const bench = await CaptureBench.open({ allow: `127.0.0.1:${port}` });
  try {
    return await bench.watch(`http://127.0.0.1:${port}/clip.m3u8`, seconds);
  } finally {
    await bench.close();
    server.closeAllConnections();
    server.close();
  }
}
