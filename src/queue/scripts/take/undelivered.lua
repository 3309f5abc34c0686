-- Counts entries without sending them, a few at a time: one may be large.
-- KEYS: stream   ARGV: behind which id, up to which, count at most
-- Reply: {their number, the last one that was counted, or nil when there are no more}
local stream, from, to, left = KEYS[1], '(' .. ARGV[1], ARGV[2], tonumber(ARGV[3])
local PAGE = 100
local count = 0
while left > 0 do
  local wanted = math.min(PAGE, left)
  local page = redis.call('XRANGE', stream, from, to, 'COUNT', wanted)
  count = count + #page
  if #page < wanted then return { count, false } end
  from = '(' .. page[#page][1]
  left = left - wanted
end
return { count, string.sub(from, 2) }
