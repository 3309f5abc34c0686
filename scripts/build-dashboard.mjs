// Bundles the page that people see (src/dashboard/client) into dist/src/dashboard/static: hashed files, their gzip, index.html
// with their names, and the licences of what is bundled. Reads nothing from outside this checkout.
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = new URL('..', import.meta.url).pathname;
const CLIENT = join(ROOT, 'src/dashboard/client');
const TARGET = join(ROOT, 'dist/src/dashboard/static');
const MAKING = `${TARGET}.new`;

/** What of other people's is in the bundle. */
const BUNDLED = ['preact', '@preact/signals', '@preact/signals-core', 'leaflet'];

async function bundle() {
  const { metafile } = await build({
    entryPoints: { app: join(CLIENT, 'main.tsx'), style: join(CLIENT, 'style/index.css') },
    outdir: MAKING,
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    target: ['es2022', 'chrome110', 'firefox110', 'safari16'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.png': 'file' },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    absWorkingDir: ROOT,
  });
  return Object.keys(metafile.outputs).map((path) => path.slice(path.lastIndexOf('/') + 1));
}

async function writeIndex(files) {
  const template = await readFile(join(CLIENT, 'index.html'), 'utf8');
  const named = (start, end) => files.find((name) => name.startsWith(start) && name.endsWith(end));
  const html = template.replace('app.js', named('app-', '.js')).replace('style.css', named('style-', '.css'));
  await writeFile(join(MAKING, 'index.html'), html);
}

async function writeLicences() {
  const texts = await Promise.all(
    BUNDLED.map(async (name) => {
      const folder = join(ROOT, 'node_modules', name);
      const { version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      const text = await readFile(join(folder, 'LICENSE'), 'utf8');
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    }),
  );
  await writeFile(join(MAKING, 'licences.txt'), texts.join(`\n${'-'.repeat(80)}\n\n`));
}

await rm(MAKING, { recursive: true, force: true });
await mkdir(MAKING, { recursive: true });
await writeIndex(await bundle());
await writeLicences();
for (const name of await readdir(MAKING)) {
  if (!/\.(js|css)$/.test(name)) continue;
  await writeFile(join(MAKING, `${name}.gz`), gzipSync(await readFile(join(MAKING, name)), { level: 9 }));
}
await rm(TARGET, { recursive: true, force: true });
await rename(MAKING, TARGET);
