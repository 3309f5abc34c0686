-- Notes a visit of a camera, and forgets what is too much: the oldest visits of its group, the cameras beyond the cap that
-- were not seen for longest, and those that nobody looked at for a long time.
-- KEYS: the camera's visits (set), when cameras were last seen (sorted set), forgotten visits whose artifacts are yet to be
--       removed (set), what earlier versions kept of the camera
-- ARGV: camera, visit, its group with a colon, most visits of a group, now, most cameras, time before which a camera is
--       forgotten, prefix of the keys of cameras' visits, most forgotten visits, how many of earlier ones to return
-- Returns the visits that are forgotten now, and some that still wait to be removed, as camera/visit.
local visits, cameras, forgotten = KEYS[1], KEYS[2], KEYS[3]
local camera, visit, group = ARGV[1], ARGV[2], ARGV[3]
-- What is noted again stays.
redis.call('SREM', forgotten, camera .. '/' .. visit)
local to_remove = redis.call('SRANDMEMBER', forgotten, ARGV[10])

local function forget(name, its)
  redis.call('SADD', forgotten, name .. '/' .. its)
  to_remove[#to_remove + 1] = name .. '/' .. its
end

local function forget_camera(name)
  for _, its in ipairs(redis.call('SMEMBERS', ARGV[8] .. name)) do forget(name, its) end
  redis.call('DEL', ARGV[8] .. name)
  redis.call('ZREM', cameras, name)
end

local function forget_oldest_visits()
  local own = {}
  for _, name in ipairs(redis.call('SMEMBERS', visits)) do
    if string.sub(name, 1, #group) == group then own[#own + 1] = name end
  end
  table.sort(own)
  for i = 1, #own - tonumber(ARGV[4]) do
    redis.call('SREM', visits, own[i])
    forget(camera, own[i])
  end
end

redis.call('UNLINK', KEYS[4])
redis.call('SADD', visits, visit)
redis.call('ZADD', cameras, 'GT', ARGV[5], camera)
forget_oldest_visits()
-- Whoever invents names for cameras must not fill the memory.
local over = redis.call('ZCARD', cameras) - tonumber(ARGV[6])
if over > 0 then
  for _, name in ipairs(redis.call('ZRANGE', cameras, 0, over - 1)) do forget_camera(name) end
end
for _, name in ipairs(redis.call('ZRANGEBYSCORE', cameras, '-inf', ARGV[7], 'LIMIT', 0, 10)) do forget_camera(name) end
local unremoved = redis.call('SCARD', forgotten) - tonumber(ARGV[9])
if unremoved > 0 then redis.call('SPOP', forgotten, unremoved) end
return to_remove
