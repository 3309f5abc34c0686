-- Gives a group that was made anew the entries back that waited in the lost one, a page at a time.
-- KEYS: stream, waiting   ARGV: group, waiting consumer, visibility ms, first of the page, its size
-- Reply: {entries seen, entries given back}
-- include clock
local stream, waiting = KEYS[1], KEYS[2]
local group, consumer, visibility, first, size = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local now = now_ms()

local page, restored = redis.call('ZRANGE', waiting, first, first + size - 1, 'WITHSCORES'), 0
for i = 1, #page, 2 do
  local id = page[i]
  if #redis.call('XPENDING', stream, group, id, id, 1) == 0 then
    local idle = math.max(0, math.min(visibility, visibility - (tonumber(page[i + 1]) - now)))
    restored = restored
      + #redis.call('XCLAIM', stream, group, consumer, 0, id, 'IDLE', string.format('%.0f', idle), 'RETRYCOUNT', 1, 'FORCE', 'JUSTID')
  end
end
return { #page / 2, restored }
