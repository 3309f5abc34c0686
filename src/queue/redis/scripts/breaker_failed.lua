-- Notes one more failure of a camera; from the threshold on its jobs wait, twice as long each time.
-- A camera's record is `failures, time of the next probe (0: none is needed), end of the probe under way`.
-- KEYS: breakers   ARGV: camera, threshold, cooldown ms, longest cooldown ms
-- Reply: {failures, ms until the next probe, -1 while jobs run as always}
local breakers, camera = KEYS[1], ARGV[1]
local threshold, cooldown, longest = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local failures = tonumber(string.match(redis.call('HGET', breakers, camera) or '0', '^%d+')) + 1
local wait = -1
if failures >= threshold then wait = math.min(longest, cooldown * 2 ^ math.min(failures - threshold, 20)) end

local opens = wait < 0 and 0 or now + wait
redis.call('HSET', breakers, camera, string.format('%d %.0f 0', failures, opens))
-- What nobody asks for any more is forgotten a day after the last failure of any camera.
redis.call('PEXPIRE', breakers, 86400000)
return { failures, wait }
