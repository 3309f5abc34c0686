import { ran } from './tools.js';

/** The system calls of systemd's groups, such as `@privileged`; of groups within groups, too. */
export function callsOf(group: string): Set<string> {
  const listed = ran('systemd-analyze', 'syscall-filter', '--no-pager', group).said;
  const names = listed
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .filter((name) => name !== '' && !name.startsWith('#'));
  return new Set(names.flatMap((name) => (name.startsWith('@') ? [...callsOf(name)] : [name])));
}

/** What a unit's lines `SystemCallFilter=` allow: groups, and those that `~` takes away. */
export function allowedBy(filters: readonly string[]): Set<string> {
  const allowed = new Set<string>();
  for (const filter of filters) {
    const isTaken = filter.startsWith('~');
    for (const name of callsOf(filter.replace('~', ''))) {
      if (isTaken) allowed.delete(name);
      else allowed.add(name);
    }
  }
  return allowed;
}

/** The calls in the summary of `strace -c -U name`. */
export function callsIn(summary: string): string[] {
  return summary.split('\n').filter((line) => /^[a-z]\w*$/.test(line) && line !== 'syscall' && line !== 'total');
}
