-- Makes stream and group where they are missing, and names the life of the lane. A group that is made anew goes on where
-- the lost one was, if the stream is still the same one: what was finished before must not run again. Otherwise it begins
-- at the start of the stream, so that nothing is skipped. Only a group that never was begins where the caller says.
-- KEYS: stream, record, waiting   ARGV: group, name of the life if this is a new one, where a first group begins
-- Reply: {0 it was there | 1 made for the first time | 2 made anew at the start | 3 made anew where it was, position}
-- include life
local stream, record, group, candidate = KEYS[1], KEYS[2], ARGV[1], ARGV[2]

local function has_group()
  if redis.call('EXISTS', stream) == 0 then return false end
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    for i = 1, #flat, 2 do
      if flat[i] == 'name' and flat[i + 1] == group then return true end
    end
  end
  return false
end

if has_group() then
  life_of(record, candidate)
  return { 0, '' }
end

local known = redis.call('HMGET', record, 'at', 'digest', 'life')
local position = known[3] and '0-0' or ARGV[3]
if known[1] and redis.call('EXISTS', stream) == 1 then
  local entry = redis.call('XRANGE', stream, known[1], known[1])[1]
  if entry and digest_of(entry[2]) == known[2] then position = known[1] end
end
local is_where_it_was = position == known[1]

redis.call('XGROUP', 'CREATE', stream, group, position, 'MKSTREAM')
redis.call('DEL', record)
redis.call('HSET', record, 'life', candidate, 'server', server_run(), 'from', is_where_it_was and position or '0-0')
if is_where_it_was then
  redis.call('HSET', record, 'at', known[1], 'digest', known[2])
  return { 3, position }
end
redis.call('DEL', KEYS[3])
return { known[3] and 2 or 1, position }
