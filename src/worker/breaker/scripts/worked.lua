-- A camera works: its record goes, and the deliveries that were held for it come due now.
-- KEYS: breakers, cameras by last failure, revision, reasons, {set of the held, waiting}...   ARGV: camera, most freed at once
-- Reply: 1 when some are left to be freed
-- include clock
-- include revision
local breakers, recent, camera, most = KEYS[1], KEYS[2], ARGV[1], tonumber(ARGV[2])
local now, left = string.format('%.0f', now_ms()), 0

for i = 5, #KEYS, 2 do
  for _, id in ipairs(redis.call('SPOP', KEYS[i], most)) do redis.call('ZADD', KEYS[i + 1], 'XX', now, id) end
  left = left + redis.call('SCARD', KEYS[i])
end
redis.call('ZREM', recent, camera)
redis.call('HDEL', KEYS[4], camera)
if redis.call('HDEL', breakers, camera) == 1 then changed(KEYS[3]) end
return left > 0 and 1 or 0
