-- Marks a result as done, notes it among the last looks at its camera, and keeps it as its camera's newest inspection unless
-- a newer one is there.
-- KEYS: results stream, inspections (hash), cameras (sorted set), events (stream), the camera's looks (hash), last clear
--       looks (hash)
-- ARGV: group, id, camera, time, record, most cameras, most events, job, data of its end (empty: that is told elsewhere), data
--       of what is told of the camera, visit, look, clear look (empty: it is not clear), most looks, keep looks for ms, what
--       the keys of all cameras' looks begin with
-- include events
local camera, job = ARGV[3], ARGV[8]
local done = redis.call('XACK', KEYS[1], ARGV[1], ARGV[2])
if done == 0 then return 0 end
if ARGV[9] ~= '' then tell(KEYS[4], ARGV[7], 'job.completed', job, camera, ARGV[9]) end
-- A time in the future would be the newest for ever: it counts as now, and one that was noted earlier counts for nothing.
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- Clocks that agree differ by less than a minute.
local latest = now + 60000
local at = tonumber(ARGV[4])
if at > latest then at = now end

-- Visits sort by their names, which begin with the time.
local function note_look()
  -- What comes from the future would stay for good.
  if tonumber(ARGV[4]) > latest then return end
  redis.call('HSET', KEYS[5], ARGV[11], ARGV[12])
  redis.call('PEXPIRE', KEYS[5], ARGV[15])
  local over = redis.call('HLEN', KEYS[5]) - tonumber(ARGV[14])
  if over > 0 then
    local visits = redis.call('HKEYS', KEYS[5])
    table.sort(visits)
    for i = 1, over do redis.call('HDEL', KEYS[5], visits[i]) end
  end
  local clear = redis.call('HGET', KEYS[6], camera)
  if ARGV[13] ~= '' and (not clear or clear <= ARGV[13]) then redis.call('HSET', KEYS[6], camera, ARGV[13]) end
end

note_look()
local known = tonumber(redis.call('ZSCORE', KEYS[3], camera))
if known and known > at and known <= latest then return 0 end
redis.call('HSET', KEYS[2], camera, ARGV[5])
redis.call('ZADD', KEYS[3], string.format('%.0f', at), camera)
-- Whoever invents names for cameras must not fill the memory.
local over = redis.call('ZCARD', KEYS[3]) - tonumber(ARGV[6])
if over > 0 then
  local popped = redis.call('ZPOPMIN', KEYS[3], over)
  for i = 1, #popped, 2 do
    redis.call('HDEL', KEYS[2], popped[i])
    redis.call('HDEL', KEYS[6], popped[i])
    redis.call('DEL', ARGV[16] .. popped[i])
  end
end
tell(KEYS[4], ARGV[7], 'camera.updated', job, camera, ARGV[10])
return 1
