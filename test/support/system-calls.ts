import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const WATCHED =
  'connect,sendto,sendmsg,sendmmsg,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat';

/** The command that writes down what another one, its threads and its children ask of the kernel, and then becomes it. */
export function watchedBy(trace: string, ...program: readonly string[]): [string, ...string[]] {
  return ['strace', '-D', '-f', '-q', '-y', '-s', '256', '-e', `trace=${WATCHED}`, '-o', trace, ...program];
}

/** Whether this machine has strace, and lets us use it. */
export function canWatch(): boolean {
  return spawnSync('strace', ['-f', '-q', '-o', '/dev/null', 'true']).status === 0;
}

/** What processes did with the world outside of them. */
export class SystemCalls {
  private readonly lines: string[];

  constructor(
    trace: string,
    /** In which relative paths begin. */
    private readonly directory: string,
  ) {
    this.lines = readFileSync(trace, 'utf8').split('\n');
  }

  /** Machines that were called or looked for, `address port`; not this one, unless for a look-up of names. */
  get spokenTo(): string[] {
    const found = this.lines.flatMap((line) => {
      const [, port = '', address = ''] =
        /sin6?_port=htons\((\d+)\).*?(?:inet_addr\(|inet_pton\(AF_INET6, )"([^"]+)"/.exec(line) ?? [];
      return port === '' ? [] : [`${address} ${port}`];
    });
    return unique(found).filter((one) => one.endsWith(' 53') || !/^(127\.|::1 |::ffff:127\.)/.test(one));
  }

  /** Paths that were written to, made or renamed to. */
  get written(): string[] {
    return unique(this.lines.flatMap((line) => this.writtenBy(line)));
  }

  private writtenBy(line: string): string[] {
    const call = /\b(\w+)\((.*)\)\s+= \d+/.exec(line);
    if (call === null) return [];
    const [, name = '', given = ''] = call;
    if (name.startsWith('open') && !/O_(CREAT|WRONLY|RDWR)/.test(given)) return [];
    if (/^(connect|send)/.test(name)) return [];
    const path = [...given.matchAll(/"([^"]*)"/g)].at(-1)?.[1];
    if (path === undefined) return [];
    // `openat(22</a/folder>, "file", …)`
    const folder = [...given.matchAll(/<(\/[^>]*)>/g)].at(-1)?.[1] ?? this.directory;
    return [resolve(folder, path)];
  }
}

function unique(list: readonly string[]): string[] {
  return [...new Set(list)].sort();
}
