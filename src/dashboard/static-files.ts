import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the page, as it is sent. */
export interface StaticFile {
  readonly type: string;
  readonly bytes: Buffer;
  /** The same, packed; undefined for what packing makes no smaller. */
  readonly gzip: Buffer | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  txt: 'text/plain; charset=utf-8',
};

/** What `npm run build` made of the page: less than a megabyte, read once. */
export class StaticFiles {
  private readonly files = new Map<string, StaticFile>();
  private readonly html: string | undefined;

  /** @param folder where the build left it; nothing is there when only the compiler ran */
  constructor(folder: string) {
    const names = namesIn(folder);
    this.html = names.includes('index.html') ? readFileSync(join(folder, 'index.html'), 'utf8') : undefined;
    for (const name of names) {
      const type = TYPES[name.slice(name.lastIndexOf('.') + 1)];
      if (type === undefined) continue;
      const gzip = names.includes(`${name}.gz`) ? readFileSync(join(folder, `${name}.gz`)) : undefined;
      this.files.set(name, { type, bytes: readFileSync(join(folder, name)), gzip });
    }
  }

  /** A file by its name; names of other folders are none. */
  get(name: string): StaticFile | undefined {
    return this.files.get(name);
  }

  /**
   * The page as a browser gets it, with all its addresses relative, so that it works below any prefix of a proxy.
   * @param depth how many folders below `/ui/` the address is
   */
  page(depth: number): string | undefined {
    return this.html?.replaceAll('{{root}}', '../'.repeat(depth) || './');
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
