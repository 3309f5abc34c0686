-- A worker has stopped.
-- KEYS: workers (hash), beats (sorted set), orders (hash), events (stream)   ARGV: name, what is told of it in events, most events
-- include events
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
if redis.call('ZREM', KEYS[2], ARGV[1]) == 1 then tell(KEYS[4], ARGV[3], 'worker.changed', '', '', ARGV[2]) end
