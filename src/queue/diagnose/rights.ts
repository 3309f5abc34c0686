import type { QueueNames } from '../../job/kind.js';
import { derivedKey } from '../../redis/derived-key.js';

/** The streams of both kinds of jobs, whichever run here: every process follows all results and shows all dead letters. */
export type AllQueues = readonly QueueNames[];

/** What a user of Redis must be allowed: commands as ACLs name them, and patterns of keys. */
export interface Rights {
  readonly commands: readonly string[];
  readonly keys: readonly string[];
}

/** What any process does: adds jobs, follows results, shows and redrives dead letters, leases cameras, tells the time. */
const EVERYBODY = [
  ...['ping', 'info', 'time', 'eval', 'evalsha', 'exists', 'get', 'set', 'del', 'pexpire'],
  ...['xadd', 'xack', 'xautoclaim', 'xclaim', 'xdel', 'xlen', 'xpending', 'xrange', 'xread', 'xreadgroup', 'xrevrange'],
  ...['xgroup|create', 'xgroup|delconsumer', 'xinfo|consumers', 'xinfo|groups', 'xinfo|stream'],
  ...['hdel', 'hget', 'hgetall', 'hincrby', 'hkeys', 'hlen', 'hmget', 'hset', 'smembers'],
  ...['zadd', 'zcard', 'zpopmin', 'zrange', 'zrem', 'zremrangebyscore', 'zrevrange', 'zscore'],
];

/** What the engines do beyond that: claim, renew, settle, rescue, tidy, steer; keep Gemini's budgets. */
const ENGINES = [
  ...['client|id', 'client|kill', 'client|unblock', 'xtrim'],
  ...['incr', 'lrange', 'ltrim', 'rpush', 'sadd', 'scard', 'spop', 'srandmember', 'srem', 'unlink'],
  ...['pttl', 'zrangebyscore', 'zremrangebyrank'],
];

/** What a process needs by what it does: one whose ROLES run jobs, or one that only schedules, records and answers. */
export function rightsFor(runsJobs: boolean, queues: AllQueues): Rights {
  const commands = [...EVERYBODY, ...(runsJobs ? ENGINES : [])].sort();
  return { commands, keys: [...keysOf(queues), ...(runsJobs ? ['analysis:*', '{roadstream:gemini}:*'] : [])] };
}

/** What a back end needs that adds jobs and reads results. */
export function producerRights(queues: AllQueues): Rights {
  return { commands: ['xadd'], keys: queues.flatMap(({ lanes }) => lanes.map(literal)) };
}

/** The rules of `ACL SETUSER`, beside the password's. */
export function aclOf({ commands, keys }: Rights): string {
  return [...keys.map((key) => `~${key}`), ...commands.map((command) => `+${command}`)].join(' ');
}

function keysOf(queues: AllQueues): string[] {
  return queues.flatMap(({ lanes, dlq, results }) => {
    const streams = [...lanes, ...(results === undefined ? [] : [results])];
    return [...lanes, dlq, ...(results === undefined ? [] : [results])]
      .map(literal)
      .concat([...new Set(streams.map((stream) => `${literal(derivedKey(stream, ''))}*`))]);
  });
}

/** A name as a pattern that fits only it. */
function literal(name: string): string {
  return name.replace(/[*?[\]\\]/g, '\\$&');
}
