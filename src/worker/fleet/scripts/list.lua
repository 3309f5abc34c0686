-- The workers that said something lately.
-- KEYS: workers (hash), beats (sorted set)   ARGV: silent after ms, most, name (empty: all)
-- Reply: {when it said so (ms), report}...
-- include clock
local now, found = now_ms(), {}
local function take(name, at)
  local report = tonumber(at) >= now - tonumber(ARGV[1]) and redis.call('HGET', KEYS[1], name)
  if report then found[#found + 1] = { string.format('%.0f', at), report } end
end
if ARGV[3] ~= '' then
  local at = redis.call('ZSCORE', KEYS[2], ARGV[3])
  if at then take(ARGV[3], at) end
  return found
end
local beats = redis.call('ZREVRANGE', KEYS[2], 0, ARGV[2] - 1, 'WITHSCORES')
for i = 1, #beats, 2 do take(beats[i], beats[i + 1]) end
return found
