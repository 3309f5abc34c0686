-- The cameras that failed lately.
-- KEYS: breakers
-- Reply: {camera, failures, ms until the next probe, -1 while jobs run as always}...
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local states = {}
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  local failures, opens = string.match(flat[i + 1], '^(%d+) (%d+)')
  local wait = opens == '0' and -1 or math.max(0, tonumber(opens) - now)
  states[#states + 1] = { flat[i], tonumber(failures), wait }
end
return states
