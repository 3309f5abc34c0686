-- Single entries as they are, without taking them.
-- KEYS: stream   ARGV: most bytes of an entry, id...
-- Reply: for each id {id, {field, value...} or its size}, or nil where it is not there any more
-- include bounded
local found = {}
for i = 2, #ARGV do
  local entry = redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i])[1]
  found[i - 1] = entry and bounded(entry, tonumber(ARGV[1])) or false
end
return found
