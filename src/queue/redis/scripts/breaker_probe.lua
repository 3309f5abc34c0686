-- Gives the right to try a camera whose wait is over to one worker at a time, or takes it back.
-- KEYS: breakers   ARGV: camera, longest time of the probe ms (0: the probe is over)
-- Reply: 0 yours, else ms until it may be.
local breakers, camera, longest = KEYS[1], ARGV[1], tonumber(ARGV[2])
local record = redis.call('HGET', breakers, camera)
if not record then return 0 end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local failures, opens, probe_ends = string.match(record, '^(%d+) (%d+) (%d+)$')
local wait = math.max(tonumber(opens), tonumber(probe_ends)) - now
if longest > 0 and wait > 0 then return wait end

local ends = longest > 0 and now + longest or 0
redis.call('HSET', breakers, camera, string.format('%s %s %.0f', failures, opens, ends))
return 0
