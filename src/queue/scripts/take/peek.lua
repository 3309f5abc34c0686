-- Entries as they are, without taking them.
-- KEYS: stream   ARGV: from, to, most entries, most bytes of an entry
-- Reply: {id, {field, value...} or its size}...
-- include bounded
local entries = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])
for i = 1, #entries do entries[i] = bounded(entries[i], tonumber(ARGV[4])) end
return entries
