-- Marks every entry of a job that is in the queue by now as cancelled. By the clock that entry ids come from: by ours a
-- job queued right after would be cancelled too.
-- KEYS: cancellations   ARGV: job, how long one is kept ms, most kept
local cancellations, job, kept, most = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('ZADD', cancellations, now, job)
redis.call('ZREMRANGEBYSCORE', cancellations, '-inf', now - kept)
redis.call('ZREMRANGEBYRANK', cancellations, 0, -most - 1)
redis.call('PEXPIRE', cancellations, kept)
