-- Deletes dead letters for good.
-- KEYS: dead-letter stream, dead letters by code   ARGV: id...
-- Reply: how many were there
-- include dead_codes
local dlq, codes, count = KEYS[1], KEYS[2], 0
for _, id in ipairs(ARGV) do
  local entry = redis.call('XRANGE', dlq, id, id)[1]
  if entry then
    redis.call('XDEL', dlq, id)
    count_dead(codes, code_of(entry[2]), -1)
    count = count + 1
  end
end
return count
