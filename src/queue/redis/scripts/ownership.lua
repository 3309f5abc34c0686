-- Whose an entry is. KEYS: stream   ARGV: group, consumer, id
-- Reply: 1 ours, or trimmed and nobody's; 0 another worker's, or settled by one.
local stream, group, consumer, id = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
if #redis.call('XPENDING', stream, group, id, id, 1, consumer) == 1 then return 1 end
if #redis.call('XPENDING', stream, group, id, id, 1) == 1 then return 0 end
return #redis.call('XRANGE', stream, id, id) == 0 and 1 or 0
