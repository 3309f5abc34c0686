-- Takes new entries, lane by lane, at most `count` in all, and remembers how far the group is.
-- KEYS: {stream, record}... (the most urgent first)   ARGV: group, consumer, count, most bytes of an entry
-- Reply: {lane number, life, {{id, {field, value...} or its size}...}}...
-- include life
-- include bounded
local group, consumer, free, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local taken = {}

for i = 1, #KEYS, 2 do
  local stream, record = KEYS[i], KEYS[i + 1]
  local reply = free > 0 and redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', free, 'STREAMS', stream, '>')
  if reply then
    local entries = reply[1][2]
    remember(record, entries[#entries])
    free = free - #entries
    for n = 1, #entries do entries[n] = bounded(entries[n], most) end
    taken[#taken + 1] = { (i + 1) / 2, redis.call('HGET', record, 'life') or '', entries }
  end
end
return taken
