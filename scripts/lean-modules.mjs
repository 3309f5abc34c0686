// Takes out of node_modules what nothing that runs here needs, after `npm ci --omit=dev`; prints how much was freed.
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const MODULES = 'node_modules';
/** What only compilers and debuggers read. */
const FOR_TOOLS = /\.(?:map|d\.[cm]?ts)$/;

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

function remove(paths) {
  const there = paths.filter((path) => existsSync(path));
  const freed = there.reduce((sum, path) => sum + bytesOf(path), 0);
  for (const path of there) rmSync(path, { recursive: true });
  return freed;
}

function filesForTools() {
  const files = readdirSync(MODULES, { recursive: true, withFileTypes: true });
  return files.filter((file) => file.isFile() && FOR_TOOLS.test(file.name)).map((f) => join(f.parentPath, f.name));
}

// The compiler: a peer of @nestjs/swagger for a plug-in of builds, so that npm keeps it.
const compiler = join(MODULES, 'typescript');
const others = otherPlatforms(join(MODULES, 'onnxruntime-node/bin')).map(({ path }) => path);
const freed = remove([compiler, ...others]) + remove(filesForTools());
console.log(
  `${Math.round(freed / 1e6)} MB of other platforms, of the compiler and for debuggers were taken out of ${MODULES}.`,
);
