/** Where a Redis URL points to. */
export interface RedisTarget {
  kind: 'single' | 'sentinel' | 'cluster';
  nodes: { host: string; port: number }[];
  master: string;
  db: number;
  tls: boolean;
  username: string | undefined;
  password: string | undefined;
}

const FORM = 'must look like redis://host:6379, rediss://…, redis+sentinel://a,b/name or redis+cluster://a,b';
const HIGHEST_PORT = 65_535;

/**
 * Reads a Redis URL. The password is all between the first colon and the last `@`, so that `:`, `@` and `/` in it need no
 * escape; only a `%` does, since `%40` and the like are read as what they stand for.
 * @throws TypeError with a sentence when it is none; it repeats nothing of the URL, which may hold a password
 */
export function parseRedisUrl(url: string): RedisTarget {
  const match = /^(redis|rediss)(?:\+(sentinel|cluster))?:\/\/(?:(.*)@)?([^@/?#\s]+)(?:\/([^?#\s]*))?$/s.exec(url);
  if (match === null) throw new TypeError(FORM);
  const [, scheme, mode, userInfo = '', hosts = '', path = ''] = match;
  const kind = (mode ?? 'single') as RedisTarget['kind'];
  if (kind === 'sentinel' && path === '')
    throw new TypeError('needs the name of the master: redis+sentinel://a,b/name');
  return {
    kind,
    nodes: nodesOf(hosts, kind),
    master: kind === 'sentinel' ? (path.split('/')[0] ?? '') : '',
    db: databaseOf(kind, path),
    tls: scheme === 'rediss',
    ...loginOf(userInfo),
  };
}

/** What is wrong with a Redis URL, to complete "REDIS_URL …"; undefined when nothing is. */
export function objectionToRedisUrl(url: string): string | undefined {
  try {
    parseRedisUrl(url);
    return undefined;
  } catch (error) {
    return (error as TypeError).message;
  }
}

function loginOf(userInfo: string): Pick<RedisTarget, 'username' | 'password'> {
  const colon = userInfo.indexOf(':');
  const user = colon < 0 ? userInfo : userInfo.slice(0, colon);
  return {
    username: user === '' ? undefined : unescaped(user),
    password: colon < 0 ? undefined : unescaped(userInfo.slice(colon + 1)),
  };
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new TypeError(
      'has a % in its user or password that begins no escape: write it as %25, or use REDIS_PASSWORD',
    );
  }
}

function nodesOf(hosts: string, kind: RedisTarget['kind']): RedisTarget['nodes'] {
  const all = hosts.split(',').map((host) => parseHost(host, kind === 'sentinel' ? 26_379 : 6_379));
  if (all.length > 1 && kind === 'single') {
    throw new TypeError('names several hosts: use redis+sentinel://a,b/name or redis+cluster://a,b');
  }
  return all;
}

function databaseOf(kind: RedisTarget['kind'], path: string): number {
  const text = kind === 'sentinel' ? (path.split('/')[1] ?? '') : path;
  if (text === '') return 0;
  if (kind === 'cluster') throw new TypeError('names a database, which a cluster does not have: leave it out');
  if (!/^\d{1,5}$/.test(text)) throw new TypeError('names a database that is not a number: as in redis://host:6379/0');
  return Number(text);
}

function parseHost(text: string, defaultPort: number): { host: string; port: number } {
  const match = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(text);
  const port = Number(match?.[2] ?? defaultPort);
  if (match === null || port > HIGHEST_PORT) {
    throw new TypeError('has a host or a port that cannot be read: as in redis://host:6379, or redis://[::1]:6379');
  }
  return { host: (match[1] ?? '').replace(/^\[|\]$/g, ''), port };
}
