-- Notes one more failure of a camera; from the threshold on its jobs wait, twice as long each time.
-- A camera's record is `failures, time of the next probe (0: none is needed), end of the probe under way, until when
-- somebody is to come for the next one`.
-- Beside it `since when it fails, when it failed last, code, message`. A failure that an earlier version noted is not there:
-- the times then differ, and the camera fails anew as far as can be told.
-- KEYS: breakers, cameras by last failure, revision, reasons
-- ARGV: camera, threshold, cooldown ms, longest cooldown ms, most cameras, code, message
-- Reply: {failures, ms until the next probe, -1 while jobs run as always}
-- include clock
-- include revision
local breakers, recent, reasons, camera = KEYS[1], KEYS[2], KEYS[4], ARGV[1]
local threshold, cooldown, longest = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local FORGOTTEN_AFTER_MS, FORGOTTEN_AT_ONCE = 86400000, 100
local now = now_ms()

local function forget(cameras)
  if #cameras == 0 then return end
  redis.call('HDEL', breakers, unpack(cameras))
  redis.call('ZREM', recent, unpack(cameras))
  redis.call('HDEL', reasons, unpack(cameras))
end

local failures = tonumber(string.match(redis.call('HGET', breakers, camera) or '0', '^%d+')) + 1
local wait = -1
if failures >= threshold then wait = math.min(longest, cooldown * 2 ^ math.min(failures - threshold, 20)) end

local opens = wait < 0 and 0 or now + wait
redis.call('HSET', breakers, camera, string.format('%d %.0f 0 0', failures, opens))
local last = redis.call('ZSCORE', recent, camera)
redis.call('ZADD', recent, now, camera)
local since, noted = string.match(redis.call('HGET', reasons, camera) or '', '^(%d+) (%d+) ')
if failures == 1 or noted ~= last then since = string.format('%.0f', now) end
redis.call('HSET', reasons, camera, string.format('%s %.0f %s %s', since, now, ARGV[6], ARGV[7]))
forget(redis.call('ZRANGE', recent, '-inf', now - FORGOTTEN_AFTER_MS, 'BYSCORE', 'LIMIT', 0, FORGOTTEN_AT_ONCE))
local surplus = redis.call('ZCARD', recent) - tonumber(ARGV[5])
if surplus > 0 then forget(redis.call('ZRANGE', recent, 0, math.min(surplus, FORGOTTEN_AT_ONCE) - 1)) end
for _, key in ipairs({ breakers, recent, reasons }) do redis.call('PEXPIRE', key, FORGOTTEN_AFTER_MS) end
changed(KEYS[3])
return { failures, wait }
