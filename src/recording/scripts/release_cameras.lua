-- Gives leases back that are still the recorder's.
-- KEYS: recorders, lease of each camera   ARGV: recorder, 1 when it leaves for good
local recorders, recorder = KEYS[1], ARGV[1]
for i = 2, #KEYS do
  if redis.call('GET', KEYS[i]) == recorder then redis.call('DEL', KEYS[i]) end
end
if ARGV[2] == '1' then redis.call('ZREM', recorders, recorder) end
return 0
