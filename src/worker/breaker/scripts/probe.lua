-- Gives the right to try a camera whose wait is over to one worker at a time, or takes it back. Of those that are refused
-- one is told to come for the next try; the others may stay away until the camera works.
-- KEYS: breakers, waiting...   ARGV: camera, longest time of the probe ms (0: the probe is over)
-- Reply: {0 it is yours | ms until it may be, 1 come then | 0 somebody else does, deliveries that wait in all}
-- include clock
local breakers, camera, longest = KEYS[1], ARGV[1], tonumber(ARGV[2])
local LATE_MS = 5000
local record = redis.call('HGET', breakers, camera)
if not record then return { 0, 0, 0 } end

local now = now_ms()
local failures, opens, probe_ends, awaited = string.match(record, '^(%d+) (%d+) (%d+) ?(%d*)$')
local wait = math.max(tonumber(opens), tonumber(probe_ends)) - now

local function store(ends, next_by)
  redis.call('HSET', breakers, camera, string.format('%s %s %.0f %.0f', failures, opens, ends, next_by))
end

if longest > 0 and wait > 0 then
  local waiting = 0
  for i = 2, #KEYS do waiting = waiting + redis.call('ZCARD', KEYS[i]) end
  if (tonumber(awaited) or 0) > now then return { wait, 0, waiting } end
  store(tonumber(probe_ends), now + wait + LATE_MS)
  return { wait, 1, waiting }
end
store(longest > 0 and now + longest or 0, 0)
return { 0, 0, 0 }
