-- Gives the right to try a camera whose wait is over to one worker at a time.
-- KEYS: breakers   ARGV: camera, longest time of the probe ms
-- Reply: 1 yours, 0 not now.
local breakers, camera = KEYS[1], ARGV[1]
local record = redis.call('HGET', breakers, camera)
if not record then return 1 end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local failures, opens, probe_ends = string.match(record, '^(%d+) (%d+) (%d+)$')
if now < tonumber(opens) or now < tonumber(probe_ends) then return 0 end

redis.call('HSET', breakers, camera, string.format('%s %s %.0f', failures, opens, now + tonumber(ARGV[2])))
return 1
