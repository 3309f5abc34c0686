-- The cameras that failed lately, if anything has changed since the revision that is known.
-- KEYS: breakers, revision   ARGV: revision
-- Reply: {revision, {camera, failures, ms until the next probe, -1 while jobs run as always}...}, or nil: nothing has changed
-- include clock
local revision = redis.call('GET', KEYS[2]) or ''
if revision == ARGV[1] then return false end

local now, states = now_ms(), {}
local flat = redis.call('HGETALL', KEYS[1])
for i = 1, #flat, 2 do
  local failures, opens = string.match(flat[i + 1], '^(%d+) (%d+)')
  local wait = opens == '0' and -1 or math.max(0, tonumber(opens) - now)
  states[#states + 1] = { flat[i], tonumber(failures), wait }
end
return { revision, states }
