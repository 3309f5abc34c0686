import { readdir, readFile, readlink } from 'node:fs/promises';

/** What a process tells of itself, after a collection of garbage. Bytes and numbers. */
export interface Inside {
  heapUsed: number;
  external: number;
  /** What keeps its event loop alive: sockets, timers, requests under way. */
  handles: number;
}

/** What the system tells of a process. Bytes and numbers. */
export interface Outside {
  rss: number;
  descriptors: number;
  sockets: number;
  threads: number;
  /** Processes that it started and that are still there. */
  children: number;
}

/** Looks at a process from outside, by `/proc`; so on Linux only. */
export async function outsideOf(pid: number): Promise<Outside> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const number = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN);
  const links = await linksOf(pid);
  return {
    rss: number('VmRSS') * 1_024,
    threads: number('Threads'),
    descriptors: links.length,
    sockets: links.filter((link) => link.startsWith('socket:')).length,
    children: await childrenOf(pid),
  };
}

async function linksOf(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  // One that was closed meanwhile is not open.
  const links = (await readdir(folder)).map((name) => readlink(`${folder}/${name}`).catch(() => undefined));
  return (await Promise.all(links)).filter((link) => link !== undefined);
}

/** Any of its threads may have started one. */
async function childrenOf(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const lists = threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => ''));
  return (await Promise.all(lists)).flatMap((list) => list.split(' ').filter((id) => id.trim() !== '')).length;
}
