-- Takes new entries, lane by lane, at most `count` in all.
-- KEYS: stream... (the most urgent first)   ARGV: group, consumer, count
-- Reply: {lane number, {{id, {field, value...}}...}}...
local group, consumer, free = ARGV[1], ARGV[2], tonumber(ARGV[3])
local taken = {}

for lane, stream in ipairs(KEYS) do
  if free > 0 then
    local reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', free, 'STREAMS', stream, '>')
    if reply then
      taken[#taken + 1] = { lane, reply[1][2] }
      free = free - #reply[1][2]
    end
  end
end
return taken
