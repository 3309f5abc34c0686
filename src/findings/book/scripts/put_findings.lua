-- include events
-- Puts findings of one camera in the place of earlier ones, if nobody else has changed those meanwhile; counts them, and tells of
-- them. A value is: its revision, its member of the index, the counts it is part of, what it says; each on a line.
-- KEYS: the camera's findings (hash), index of all (sorted set), counts (hash), when cameras were last changed (sorted set),
--       cameras by finding (hash), cameras whose file is to be written (sorted set), events
-- ARGV: JSON: {camera, now, mostCameras, prefix, save, mostEvents, writes: [[id, revision that is replaced or "0", value or ""]],
--       mark: what is known of the camera beside, or "", bumps: [counts that go up], oldest: hour before which counts are dropped, events: [data]}
-- Returns the id of a finding that somebody else has changed, in which case nothing is done; else nothing.
local book, index, counts, cameras, ids, unsaved, events = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local given = cjson.decode(ARGV[1])

local function parts(value) return string.match(value, '^(%d+)\n([^\n]*)\n([^\n]*)\n') end

local function count(names, by)
  for name in string.gmatch(names, '[^ ]+') do
    if redis.call('HINCRBY', counts, name, by) <= 0 then redis.call('HDEL', counts, name) end
  end
end

local function forget(key, id, value)
  local _, member, names = parts(value)
  if member then
    redis.call('ZREM', index, member)
    count(names, -1)
  end
  redis.call('HDEL', ids, id)
  redis.call('HDEL', key, id)
end

local function forget_camera(name)
  local all = redis.call('HGETALL', given.prefix .. name)
  for i = 1, #all, 2 do forget(given.prefix .. name, all[i], all[i + 1]) end
  redis.call('DEL', given.prefix .. name)
  redis.call('ZREM', cameras, name)
end

for _, write in ipairs(given.writes) do
  local value = redis.call('HGET', book, write[1])
  if (value and parts(value) or '0') ~= write[2] then return write[1] end
end
for _, write in ipairs(given.writes) do
  local id, value = write[1], write[3]
  local before = redis.call('HGET', book, id)
  if before then forget(book, id, before) end
  if value ~= '' then
    local _, member, names = parts(value)
    redis.call('HSET', book, id, value)
    redis.call('ZADD', index, 0, member)
    redis.call('HSET', ids, id, given.camera)
    count(names, 1)
  end
end
-- A book that is empty is another thing than one that was lost.
if given.mark ~= '' then
  redis.call('HSET', book, '.', given.mark)
elseif not redis.call('HGET', book, '.') then
  redis.call('HSET', book, '.', '{}')
end
redis.call('ZADD', cameras, given.now, given.camera)
if given.save then redis.call('ZADD', unsaved, given.now, given.camera) end
if #given.bumps > 0 then
  for _, name in ipairs(given.bumps) do redis.call('HINCRBY', counts, name, 1) end
  for _, name in ipairs(redis.call('HKEYS', counts)) do
    local hour = string.match(name, '^%a+24:(%d+)$')
    if hour and tonumber(hour) < given.oldest then redis.call('HDEL', counts, name) end
  end
end
local over = redis.call('ZCARD', cameras) - given.mostCameras
if over > 0 then
  for _, name in ipairs(redis.call('ZRANGE', cameras, 0, over - 1)) do forget_camera(name) end
end
for _, data in ipairs(given.events) do
  tell(events, given.mostEvents, 'finding.updated', '', given.camera, data)
end
return false
