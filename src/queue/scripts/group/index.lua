-- Notes in the list of what waits when each entry of the waiting consumer comes due, where that is not noted yet: the
-- list is an index that can be lost, the group's own is what counts.
-- KEYS: stream, waiting   ARGV: group, waiting consumer, visibility ms, first of the page, its size
-- Reply: where the next page begins, or nil after the last
-- include clock
local stream, waiting = KEYS[1], KEYS[2]
local group, consumer, visibility, size = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[5])
local now = now_ms()

local page = redis.call('XPENDING', stream, group, ARGV[4], '+', size, consumer)
for _, entry in ipairs(page) do
  redis.call('ZADD', waiting, 'NX', string.format('%.0f', now + math.max(0, visibility - entry[3])), entry[1])
end
return #page == size and '(' .. page[#page][1] or false
