-- Trims what is older than the retention time of a stream whose ids tell no time, since somebody wrote one that lies in the
-- future: all later ones lie there too, and would never grow old. Notes now and then how far the stream has come; what was
-- there when a note was made is at least as old as the note.
-- KEYS: stream, notes   ARGV: keep entries for ms, clocks differ by less than ms, 1 to spare what a group needs
-- Reply: entries trimmed.
local stream, notes, keep, differ = KEYS[1], KEYS[2], tonumber(ARGV[1]), tonumber(ARGV[2])
local MOST_NOTES = 8

local function record(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

local function parts(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end

local function older(a, b)
  local a_ms, a_seq = parts(a)
  local b_ms, b_seq = parts(b)
  if a_ms ~= b_ms then return a_ms < b_ms end
  return a_seq < b_seq
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if redis.call('EXISTS', stream) == 0 then return 0 end
local last = record(redis.call('XINFO', 'STREAM', stream))['last-generated-id']
if parts(last) <= now + differ then return 0 end

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
    if ARGV[3] == '1' then
      for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
        local info = record(flat)
        local needed = info['last-delivered-id']
        local first_pending = redis.call('XPENDING', stream, info['name'])[2]
        if first_pending and older(first_pending, needed) then needed = first_pending end
        if older(needed, id) then id = needed end
      end
    end
    return redis.call('XTRIM', stream, 'MINID', '~', id)
  end
end
return 0
