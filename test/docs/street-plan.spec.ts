import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = new URL('../../../', import.meta.url).pathname;
const MOST_FILES = 15;
const MOST_STATIONS = 12;

/** The kernels are one program in another language. */
const ONE_PROGRAM = 'src/background/kernels/assembly';

/** Another program, which a browser runs: it has names of its own for what both know. */
const A_BROWSERS = 'src/dashboard/client';

const folders = (below: string): string[] =>
  readdirSync(join(ROOT, below), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => [`${below}/${name}`, ...folders(`${below}/${name}`)]);

const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

describe('the street plan', () => {
  let mayImport: Record<string, string[]>;

  beforeAll(async () => {
    const table = `import('./eslint.config.js').then(({ MAY_IMPORT }) => console.log(JSON.stringify(MAY_IMPORT)))`;
    const { stdout } = await promisify(execFile)('node', ['-e', table], { cwd: ROOT });
    mayImport = JSON.parse(stdout);
  });

  it('has every folder but the tools for the command line in its list, and no other', () => {
    const there = readdirSync(join(ROOT, 'src')).filter((name) => statSync(join(ROOT, 'src', name)).isDirectory());
    expect(Object.keys(mayImport).sort()).toEqual(there.filter((name) => name !== 'cli').sort());
  });

  it('lets a folder import from those above it only', () => {
    const names = Object.keys(mayImport);
    const upward = names.flatMap((name, i) =>
      mayImport[name]!.filter((other) => names.indexOf(other) >= i).map((other) => `${name} -> ${other}`),
    );
    expect(upward).toEqual([]);
  });

  it('has no folder that takes long to read', () => {
    const crowded = ['src', ...folders('src')]
      .filter((folder) => folder !== ONE_PROGRAM)
      .map((folder) => [folder, readdirSync(join(ROOT, folder), { withFileTypes: true })] as const)
      .filter(([, entries]) => entries.filter((entry) => entry.isFile()).length > MOST_FILES)
      .map(([folder]) => folder);
    expect(crowded).toEqual([]);
  });

  it.each(['README.md', 'CONTRIBUTING.md'])('names folders and files that exist: %s', (page) => {
    const places = [...read(page).matchAll(/`(src\/[\w./-]+|[a-z]+(?:\/[a-z-]+)*\/)`/g)].map(([, place]) => place!);
    const missing = places.filter((place) => !existsSync(join(ROOT, place)) && !existsSync(join(ROOT, 'src', place)));
    expect(places.length).toBeGreaterThan(5);
    expect(missing).toEqual([]);
  });

  it('shows the way of a job in a few stations, each a file', () => {
    const way = /## A job's way\n([^]*?)\n## /.exec(read('CONTRIBUTING.md'))?.[1] ?? '';
    const stations = [...way.matchAll(/^\d+\. `(src\/[^`]+)`: /gm)].map(([, file]) => file!);
    expect(stations.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    expect(stations.length).toBeGreaterThan(8);
    expect(stations.length).toBeLessThanOrEqual(MOST_STATIONS);
  });

  it('exports each name from one file', () => {
    const homes = new Map<string, string[]>();
    const EXPORTED = /^export (?:abstract |async )?(?:class|interface|type|function|const) (\w+)/gm;
    for (const folder of ['src', ...folders('src')].filter(
      (name) => name !== ONE_PROGRAM && !name.startsWith(A_BROWSERS),
    )) {
      for (const file of readdirSync(join(ROOT, folder)).filter((name) => /(?<!\.spec)\.ts$/.test(name))) {
        for (const [, name] of read(`${folder}/${file}`).matchAll(EXPORTED)) {
          homes.set(name!, [...(homes.get(name!) ?? []), `${folder}/${file}`]);
        }
      }
    }
    expect([...homes].filter(([, files]) => files.length > 1)).toEqual([]);
    const OF_TYPESCRIPT = [
      'Record',
      'Partial',
      'Pick',
      'Omit',
      'Required',
      'Extract',
      'Exclude',
      'Parameters',
      'Awaited',
    ];
    expect(OF_TYPESCRIPT.filter((name) => homes.has(name))).toEqual([]);
  });

  it('starts the command line with next to nothing, so that --help is quick', () => {
    const packages = new Set<string>();
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      // As compiled: imports of types alone are gone. What is imported when it is needed does not count.
      for (const [, from] of read(file).matchAll(/^(?:import|export) (?:[^'";]* from )?'([^']+)';$/gm)) {
        if (from!.startsWith('.')) visit(join(dirname(file), from!));
        else packages.add(from!);
      }
    };
    visit('dist/src/cli/main.js');
    expect([...packages].filter((name) => !name.startsWith('node:'))).toEqual(['commander']);
    // One for each kind of job, which says what its queue is called.
    expect([...seen].filter((file) => !file.endsWith('.kind.js')).length).toBeLessThan(10);
  });
});
