-- Gives the right to judge a segment to one run at a time; a later run of the same entry takes over.
-- KEYS: the right   ARGV: entry, run, longest time ms
-- Reply: 0 yours, else ms until it may be.
local holder = redis.call('GET', KEYS[1])
if holder and string.match(holder, '^(%S+) ') ~= ARGV[1] then
  return math.max(1, redis.call('PTTL', KEYS[1]))
end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[2], 'PX', ARGV[3])
return 0
