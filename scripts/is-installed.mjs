// Exits 0 when node_modules holds just what package-lock.json asks for, going by the list npm itself keeps there.
import { readFileSync } from 'node:fs';

const packagesIn = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

function isInstalled() {
  const installed = packagesIn('node_modules/.package-lock.json');
  return Object.entries(packagesIn('package-lock.json')).every(([path, wanted]) => {
    const found = installed[path];
    // Optional packages for other platforms are never there.
    return path === '' || (found ? found.version === wanted.version : wanted.optional === true);
  });
}

try {
  process.exitCode = isInstalled() ? 0 : 1;
} catch {
  process.exitCode = 1;
}
