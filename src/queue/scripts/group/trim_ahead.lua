-- Trims what is older than the retention time of a stream whose ids tell no time, since somebody wrote one that lies in the
-- future: all later ones lie there too, and would never grow old. Notes now and then how far the stream has come; what was
-- there when a note was made is at least as old as the note.
-- KEYS: stream, notes   ARGV: keep entries for ms, clocks differ by less than ms, 1 to spare what a group needs
-- Reply: entries trimmed
-- include clock
-- include position
local stream, notes, keep, differ = KEYS[1], KEYS[2], tonumber(ARGV[1]), tonumber(ARGV[2])
local MOST_NOTES = 8

local now = now_ms()
if redis.call('EXISTS', stream) == 0 then return 0 end
local last = fields_of(redis.call('XINFO', 'STREAM', stream))['last-generated-id']
if id_parts(last) <= now + differ then return 0 end

-- Ids by the time at which they were the last, the newest at the end.
local known = redis.call('ZRANGE', notes, 0, -1, 'WITHSCORES')
local newest = tonumber(known[#known])
if not newest or now - newest >= keep / (MOST_NOTES - 2) then
  redis.call('ZADD', notes, 'NX', string.format('%.0f', now), last)
  redis.call('ZREMRANGEBYRANK', notes, 0, -MOST_NOTES - 1)
  redis.call('PEXPIRE', notes, string.format('%.0f', keep * 2 + 3600000))
end

for i = #known - 1, 1, -2 do
  local id, at = known[i], tonumber(known[i + 1])
  if now - at >= keep then
    if ARGV[3] == '1' then id = trimmable(stream, id) end
    return redis.call('XTRIM', stream, 'MINID', '~', id)
  end
end
return 0
