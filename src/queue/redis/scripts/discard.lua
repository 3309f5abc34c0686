-- Copies an entry of ours to the dead-letter stream and acknowledges it.
-- KEYS: stream, dead-letter stream   ARGV: group, consumer, id, field, value...
-- Reply: 1 done, 0 not ours.
local stream, dlq, group, consumer, id = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]

local ours = #redis.call('XPENDING', stream, group, id, id, 1, consumer) == 1
local trimmed = not ours
  and #redis.call('XPENDING', stream, group, id, id, 1) == 0
  and #redis.call('XRANGE', stream, id, id) == 0
if not ours and not trimmed then return 0 end

redis.call('XADD', dlq, '*', unpack(ARGV, 4))
redis.call('XACK', stream, group, id)
return 1
