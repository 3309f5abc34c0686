import { readFileSync } from 'node:fs';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { messageOf, PermanentStepError } from '../job/errors.js';
import { parseRedisUrl, type RedisTarget } from './redis-url.js';
import { watchRefusals } from './refusal/watch-refusals.js';

/** How to reach Redis. */
export interface RedisSettings {
  /**
   * `redis://` or `rediss://host:port/db`, `redis+sentinel://a:26379,b:26379/master-name`,
   * `redis+cluster://a:7000,b:7001`; with `rediss+…` for TLS.
   */
  url: string;
  username?: string | undefined;
  password?: string | undefined;
  /** PEM file of the authority that signed the server's certificate, when it is not a public one. */
  tlsCaFile?: string | undefined;
}

type Options = Omit<RedisOptions, 'replyMapping'>;
type RetryStrategy = (times: number) => number | null;

/** A connection to one Redis or to a cluster. */
export type Connection = Redis | Cluster;

/** Whether a connection is to one Redis, and not to a cluster. */
export function isToOneServer(connection: Connection): connection is Redis {
  return connection instanceof Redis;
}

/**
 * A connection that gave no sign of life for so long while a command waited is taken for dead and made anew. Together
 * with a read that waits (1 s) and its patience it keeps a worker on a dead line from claiming for less than 10 s. ms
 */
const SILENCE_MS = 5_000;
const LONGEST_RECONNECT_WAIT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A socket that was told to end may take so long; ioredis keeps the process for this time even when there is none. */
const DISCONNECT_TIMEOUT_MS = 200;

/**
 * What a connection is for. A reader waits in `XREADGROUP` by design, so its silence means nothing; whoever reads sets
 * a deadline of its own. A probe answers at once or fails: for `doctor` and command-line calls. A producer fails as well
 * while Redis is away, so that whoever adds a job or asks over HTTP hears of it, but it comes back.
 */
export type ConnectionRole = 'commands' | 'reader' | 'probe' | 'producer';

/**
 * Opens a connection that comes back by itself, for ever: a worker outlives its Redis. Commands given while it is away
 * wait (except a probe's and a producer's), so that a settlement is not forgotten.
 *
 * @param longestWaitMs between two tries to connect
 * What Redis refuses fails with a `RedisRefusedError`.
 * @throws PermanentStepError TLS_CA_UNREADABLE
 */
export function connect(
  settings: RedisSettings,
  role: ConnectionRole,
  longestWaitMs = LONGEST_RECONNECT_WAIT_MS,
): Connection {
  const target = parseRedisUrl(settings.url);
  const retry = (times: number): number | null => reconnectWaitMs(role, times, longestWaitMs);
  const options: Options = { ...roleOptions(role, retry), ...credentials(settings, target), ...tls(settings, target) };
  const connection = open(target, options, role, retry);
  watchRefusals(connection);
  return connection;
}

function open(target: RedisTarget, options: Options, role: ConnectionRole, retry: RetryStrategy): Connection {
  switch (target.kind) {
    case 'cluster':
      return openCluster(target, options, role, retry);
    case 'sentinel':
      return new Redis({ ...options, sentinels: target.nodes, name: target.master, db: target.db });
    case 'single':
      return new Redis({ ...options, ...target.nodes[0], db: target.db });
  }
}

function openCluster(target: RedisTarget, options: Options, role: ConnectionRole, retry: RetryStrategy): Cluster {
  return new Cluster(target.nodes, {
    lazyConnect: true,
    enableOfflineQueue: role === 'commands',
    clusterRetryStrategy: retry,
    redisOptions: options,
  });
}

function roleOptions(role: ConnectionRole, retry: RetryStrategy): Options {
  return {
    // Replies to stream commands have one shape in version 2 of the protocol, whatever the server's age.
    protocol: 2,
    lazyConnect: true,
    connectTimeout: CONNECT_TIMEOUT_MS,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
    connectionName: `roadstream:${role}`,
    maxRetriesPerRequest: role === 'commands' ? null : 0,
    // A read that was cut must not be sent again by itself: it would take entries for nobody.
    autoResendUnfulfilledCommands: role === 'commands',
    enableOfflineQueue: role === 'commands',
    retryStrategy: retry,
    // A master that became a replica answers READONLY for ever: leave it and look for the new one. What was refused is not
    // sent again by itself: where there is no new master nobody would ever hear of it.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 1 : false),
    ...(role === 'reader' ? {} : { socketTimeout: SILENCE_MS }),
  };
}

function reconnectWaitMs(role: ConnectionRole, times: number, longestMs: number): number | null {
  return role === 'probe' ? null : Math.min(longestMs, 50 * 2 ** Math.min(times, 10));
}

function credentials(settings: RedisSettings, target: RedisTarget): Options {
  const username = settings.username ?? target.username;
  const password = settings.password ?? target.password;
  return { ...(username === undefined ? {} : { username }), ...(password === undefined ? {} : { password }) };
}

function tls(settings: RedisSettings, target: RedisTarget): Options {
  if (!target.tls) return {};
  const ca = settings.tlsCaFile === undefined ? {} : { ca: readCa(settings.tlsCaFile) };
  return target.kind === 'sentinel' ? { tls: ca, enableTLSForSentinelMode: true, sentinelTLS: ca } : { tls: ca };
}

function readCa(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const sentence = `REDIS_TLS_CA_FILE cannot be read (${messageOf(error)}): name a PEM file that this user may read.`;
    throw new PermanentStepError('TLS_CA_UNREADABLE', sentence, { cause: error });
  }
}
