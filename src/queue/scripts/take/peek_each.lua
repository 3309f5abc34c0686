-- Single entries as they are, without taking them. What waits lies close together as a rule: to read on from one costs less
-- than to look for the next. Where that finds too little, each is looked for.
-- KEYS: stream   ARGV: most bytes of an entry, id...
-- Reply: for each id {id, {field, value...} or its size}, or nil where it is not there any more
-- include bounded
local stream, most, read_on = KEYS[1], tonumber(ARGV[1]), 20
local places, found = {}, {}
for i = 2, #ARGV do
  places[ARGV[i]] = i - 1
  found[i - 1] = false
end

for i = 2, #ARGV do
  if not found[i - 1] then
    local hits = 0
    for _, entry in ipairs(redis.call('XRANGE', stream, ARGV[i], '+', 'COUNT', read_on)) do
      local place = places[entry[1]]
      if place then
        found[place] = bounded(entry, most)
        hits = hits + 1
      end
    end
    if hits < read_on / 2 then read_on = 1 end
  end
end
return found
