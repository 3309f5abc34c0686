-- Drops dead letters that are too old, or of which there are too many, the oldest first and one at a time: one may be large.
-- KEYS: dead-letter stream, dead letters by code   ARGV: keep for ms, keep at most, drop at most
-- Reply: {dropped for their age, dropped for their number, 1 if there may be more}
-- include clock
-- include position
-- include dead_codes
local dlq, codes, most, left = KEYS[1], KEYS[2], tonumber(ARGV[2]), tonumber(ARGV[3])
local oldest = now_ms() - tonumber(ARGV[1])
local length = redis.call('XLEN', dlq)
local too_old, too_many = 0, 0

while too_old + too_many < left do
  local entry = redis.call('XRANGE', dlq, '-', '+', 'COUNT', 1)[1]
  local is_old = entry and id_parts(entry[1]) < oldest
  if not entry or not (is_old or length > most) then return { too_old, too_many, 0 } end
  redis.call('XDEL', dlq, entry[1])
  count_dead(codes, code_of(entry[2]), -1)
  length = length - 1
  if is_old then too_old = too_old + 1 else too_many = too_many + 1 end
end
return { too_old, too_many, 1 }
