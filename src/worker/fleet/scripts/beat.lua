-- A worker says how it is, and hears what it is told to do. Drops workers that said nothing for long.
-- KEYS: workers (hash: name -> report), beats (sorted set: name by when it said so, ms), orders (hash: name -> id and order),
--       events (stream)
-- ARGV: name, report, kind, id of the order that was carried out last, what is told of it in events, 1 when that is new,
--       silent after ms, keep for ms, most workers, most events
-- Reply: an order that was not carried out yet, as "id order"; false where there is none
-- include clock
-- include events
local workers, beats, orders, events = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local name, kind, silent, keep = ARGV[1], ARGV[3], tonumber(ARGV[7]), ARGV[8]
local now = now_ms()
local DROPPED_AT_ONCE = 10

local function drop(gone)
  redis.call('ZREM', beats, gone)
  redis.call('HDEL', workers, gone)
  redis.call('HDEL', orders, gone)
  tell(events, ARGV[10], 'worker.changed', '', '', cjson.encode({ name = gone, kind = kind, state = 'gone', limit = 0 }))
end

local is_new = redis.call('ZADD', beats, string.format('%.0f', now), name) == 1
redis.call('HSET', workers, name, ARGV[2])
local oldest = string.format('(%.0f', now - silent)
for _, gone in ipairs(redis.call('ZRANGEBYSCORE', beats, '-inf', oldest, 'LIMIT', 0, DROPPED_AT_ONCE)) do drop(gone) end
local over = math.min(DROPPED_AT_ONCE, redis.call('ZCARD', beats) - tonumber(ARGV[9]))
if over > 0 then
  for _, gone in ipairs(redis.call('ZRANGE', beats, 0, over - 1)) do drop(gone) end
end
if is_new or ARGV[6] == '1' then tell(events, ARGV[10], 'worker.changed', '', '', ARGV[5]) end

local order = redis.call('HGET', orders, name)
if order and tonumber(string.match(order, '^%d+')) <= tonumber(ARGV[4]) then
  redis.call('HDEL', orders, name)
  order = false
end
-- With the last worker goes what is known of it.
for _, key in ipairs({ workers, beats, orders }) do redis.call('PEXPIRE', key, keep) end
return order
