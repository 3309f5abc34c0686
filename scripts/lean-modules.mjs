// Takes out of node_modules what nothing that runs here needs, after `npm ci --omit=dev`; prints how much was freed.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = 'node_modules';

/** Folders of a native package that are for other platforms than this: it is laid out as bin/<api>/<platform>/<arch>. */
function otherPlatforms(root) {
  if (!existsSync(root)) return [];
  const below = (folder) => readdirSync(folder).map((name) => ({ name, path: join(folder, name) }));
  return below(root).flatMap((api) =>
    below(api.path).flatMap((platform) =>
      platform.name === process.platform
        ? below(platform.path).filter(({ name }) => name !== process.arch)
        : [platform],
    ),
  );
}

function bytesOf(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0);
}

// The compiler: a peer of @nestjs/swagger for a plug-in of builds, so that npm keeps it.
const gone = [join(MODULES, 'typescript'), ...otherPlatforms(join(MODULES, 'onnxruntime-node/bin')).map((o) => o.path)];
const there = gone.filter((path) => existsSync(path));
const freed = there.reduce((sum, path) => sum + bytesOf(path), 0);
for (const path of there) rmSync(path, { recursive: true });
console.log(`${Math.round(freed / 1e6)} MB of other platforms and of the compiler were taken out of ${MODULES}.`);
