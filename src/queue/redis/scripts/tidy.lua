-- Trims what no group needs any more and is older than the retention time, and removes consumers that are gone.
-- KEYS: stream   ARGV: group, own consumer, waiting consumer, keep entries for ms, consumer is gone after ms
-- Reply: {entries trimmed, consumers removed}
local stream, group, own, waiting = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local keep, gone_after = tonumber(ARGV[4]), tonumber(ARGV[5])

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

-- Fails when our group is gone: what no group is known to need would be trimmed although ours has not read it.
local consumers = redis.call('XINFO', 'CONSUMERS', stream, group)
local time = redis.call('TIME')
local oldest_needed = string.format('%.0f-0', math.max(0, time[1] * 1000 - keep))

-- What any group has not read, or has pending, is needed, whatever its age. Other groups' too.
for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  local info = record(flat)
  local needed = info['last-delivered-id']
  local first_pending = redis.call('XPENDING', stream, info['name'])[2]
  if first_pending and older(first_pending, needed) then needed = first_pending end
  if older(needed, oldest_needed) then oldest_needed = needed end
end
local trimmed = redis.call('XTRIM', stream, 'MINID', '~', oldest_needed)

local removed = 0
for _, flat in ipairs(consumers) do
  local info = record(flat)
  local gone = info['pending'] == 0 and info['idle'] > gone_after
  if gone and info['name'] ~= own and info['name'] ~= waiting then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, info['name'])
    removed = removed + 1
  end
end
return { trimmed, removed }
