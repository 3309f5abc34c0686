/**
 * For each command arguments that Redis takes as far as its checks of rights, memory and disk, and that change nothing: they
 * are no valid ones, or speak of what is not there. `''` is where the key goes.
 */
const PROBES: Readonly<Record<string, readonly (string | number)[]>> = {
  DEL: [''],
  EXISTS: [''],
  GET: [''],
  HDEL: ['', 'roadstream-probe'],
  HGET: ['', 'roadstream-probe'],
  HGETALL: [''],
  HINCRBY: ['', 'roadstream-probe', 'x'],
  HKEYS: [''],
  HLEN: [''],
  HMGET: ['', 'roadstream-probe'],
  HSET: ['', 'a', 'b', 'c'],
  LRANGE: ['', 'x', 'x'],
  LTRIM: ['', 'x', 'x'],
  PEXPIRE: ['', 'x'],
  PTTL: [''],
  SCARD: [''],
  SET: ['', 'a', 'PX', 'x'],
  SMEMBERS: [''],
  SPOP: ['', 'x'],
  SRANDMEMBER: ['', 'x'],
  SREM: ['', 'roadstream-probe'],
  UNLINK: [''],
  XACK: ['', 'roadstream-probe', 'x'],
  XADD: ['', 'x', 'a', 'b'],
  XAUTOCLAIM: ['', 'roadstream-probe', 'a', 'x', '0'],
  XCLAIM: ['', 'roadstream-probe', 'a', 'x', '0-1'],
  XDEL: ['', 'x'],
  XLEN: [''],
  XPENDING: ['', 'roadstream-probe'],
  XRANGE: ['', 'x', 'x'],
  XREAD: ['STREAMS', '', 'x'],
  XREADGROUP: ['GROUP', 'roadstream-probe', 'a', 'STREAMS', '', 'x'],
  XREVRANGE: ['', 'x', 'x'],
  XTRIM: ['', 'MINID', 'x'],
  'XGROUP|CREATE': ['', 'roadstream-probe', 'x'],
  'XGROUP|DELCONSUMER': ['', 'roadstream-probe', 'a'],
  'XINFO|CONSUMERS': ['', 'roadstream-probe'],
  'XINFO|GROUPS': [''],
  'XINFO|STREAM': [''],
  ZADD: ['', 'x', 'a'],
  ZCARD: [''],
  ZPOPMIN: ['', 'x'],
  ZRANGE: ['', 'x', 'x'],
  ZRANGEBYSCORE: ['', 'x', 'x'],
  ZREM: ['', 'roadstream-probe'],
  ZREMRANGEBYRANK: ['', 'x', 'x'],
  ZREMRANGEBYSCORE: ['', 'x', 'x'],
  ZREVRANGE: ['', 'x', 'x'],
  ZSCORE: ['', 'roadstream-probe'],
  EVAL: ['return 1', 0],
  EVALSHA: ['roadstream-probe', 0],
  INFO: ['server'],
  PING: [],
  TIME: [],
  'CLIENT|ID': [],
  'CLIENT|KILL': ['ID', 'x'],
  'CLIENT|UNBLOCK': ['x'],
};

/** What takes any arguments: done and undone in one step. */
const UNDONE: Readonly<Record<string, string>> = {
  INCR: "redis.call('INCR', KEYS[1])",
  RPUSH: "redis.call('RPUSH', KEYS[1], 'x')",
  SADD: "redis.call('SADD', KEYS[1], 'x')",
};

/** How to ask whether a command is allowed on a key without doing anything; undefined for one that nobody thought of. */
export function probeOf(command: string, key: string): [name: string, ...args: (string | number)[]] | undefined {
  const undone = UNDONE[command];
  if (undone !== undefined)
    return ['EVAL', `if redis.call('EXISTS', KEYS[1]) == 0 then ${undone} redis.call('DEL', KEYS[1]) end`, 1, key];
  const args = PROBES[command];
  if (args === undefined) return undefined;
  const [name = '', sub] = command.split('|');
  return [name, ...(sub === undefined ? [] : [sub]), ...args.map((arg) => (arg === '' ? key : arg))];
}

/** A command that tells whether a key holds what commands like this one work on. */
export function typeProbeOf(command: string): string {
  const families: readonly [string, string][] = [
    ['X', 'XLEN'],
    ['H', 'HLEN'],
    ['Z', 'ZCARD'],
    ['SA', 'SCARD'],
    ['SM', 'SCARD'],
    ['SR', 'SCARD'],
    ['L', 'LLEN'],
  ];
  return families.find(([letter]) => command.startsWith(letter))?.[1] ?? 'GET';
}
