-- Counts the entries behind one, without sending them.
-- KEYS: stream   ARGV: id, count at most
-- Reply: their number.
local stream, from, left = KEYS[1], '(' .. ARGV[1], tonumber(ARGV[2])
local PAGE = 1000
local count = 0
while left > 0 do
  local wanted = math.min(PAGE, left)
  local page = redis.call('XRANGE', stream, from, '+', 'COUNT', wanted)
  count = count + #page
  if #page < wanted then break end
  from = '(' .. page[#page][1]
  left = left - wanted
end
return count
