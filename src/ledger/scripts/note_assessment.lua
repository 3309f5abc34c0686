-- Marks a result as done, keeps its score among its camera's and all of it if it is the newest, and counts it for its
-- worker.
-- KEYS: results stream, the camera's scores (hash), cameras (sorted set), newest assessments (hash), workers (hash),
--       events (stream), folders of the camera's judged segments (hash)
-- ARGV: group, id, camera, time, record, score (empty: none), most cameras, most scores, keep scores for ms, worker,
--       duration, now, most workers, most events, job, data of its end (empty: that is told elsewhere), data of what is told
--       of the camera, folder of what was judged of a segment (empty: none was)
-- include events
local scores, cameras, newest, workers = KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local camera, record, score = ARGV[3], ARGV[5], ARGV[6]
-- A time in the future would be the newest for ever: it counts as now, and one that was noted earlier counts for nothing.
local clock = redis.call('TIME')
local time = clock[1] * 1000 + math.floor(clock[2] / 1000)
-- Clocks that agree differ by less than a minute.
local latest = time + 60000
local at = ARGV[4]
if tonumber(at) > latest then at = string.format('%.0f', time) end
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end

-- As many folders as scores are kept, of the same segments.
local function note_folder()
  if ARGV[18] == '' then return end
  redis.call('HSET', KEYS[7], at, ARGV[18])
  redis.call('PEXPIRE', KEYS[7], ARGV[9])
end

local function forget(noted)
  redis.call('HDEL', scores, noted)
  redis.call('HDEL', KEYS[7], noted)
end

local function note_score()
  if score == '' then return redis.call('HDEL', scores, at) end
  redis.call('HSET', scores, at, score)
  redis.call('PEXPIRE', scores, ARGV[9])
  local times = {}
  for _, noted in ipairs(redis.call('HKEYS', scores)) do
    if tonumber(noted) > latest then forget(noted) else times[#times + 1] = noted end
  end
  local over = #times - tonumber(ARGV[8])
  if over <= 0 then return end
  table.sort(times, function(a, b) return tonumber(a) < tonumber(b) end)
  for i = 1, over do forget(times[i]) end
end

local function note_camera()
  local known = tonumber(redis.call('ZSCORE', cameras, camera))
  if known and known > tonumber(at) and known <= latest then return end
  redis.call('HSET', newest, camera, record)
  redis.call('ZADD', cameras, at, camera)
  -- Whoever invents names for cameras must not fill the memory.
  local over = redis.call('ZCARD', cameras) - tonumber(ARGV[7])
  if over <= 0 then return end
  local popped = redis.call('ZPOPMIN', cameras, over)
  for i = 1, #popped, 2 do redis.call('HDEL', newest, popped[i]) end
end

-- A worker's totals: jobs, ms, when last.
local function note_worker()
  local worker, now = ARGV[10], ARGV[12]
  local jobs, total = string.match(redis.call('HGET', workers, worker) or '', '^(%d+) (%d+)')
  redis.call('HSET', workers, worker, string.format('%d %d %s', (jobs or 0) + 1, (total or 0) + ARGV[11], now))
  if redis.call('HLEN', workers) <= tonumber(ARGV[13]) then return end
  local oldest, oldest_at
  local all = redis.call('HGETALL', workers)
  for i = 1, #all, 2 do
    local last = tonumber(string.match(all[i + 1], '(%d+)$'))
    if not oldest_at or last < oldest_at then oldest, oldest_at = all[i], last end
  end
  redis.call('HDEL', workers, oldest)
end

if score ~= '' then note_folder() end
note_score()
note_camera()
note_worker()
if ARGV[16] ~= '' then tell(KEYS[6], ARGV[14], 'job.completed', ARGV[15], camera, ARGV[16]) end
tell(KEYS[6], ARGV[14], 'camera.updated', ARGV[15], camera, ARGV[17])
return 1
