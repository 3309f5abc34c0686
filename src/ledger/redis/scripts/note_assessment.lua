-- Marks a result as done, keeps it among its camera's assessments, and counts it for its worker.
-- KEYS: results stream, the camera's assessments (hash), cameras (sorted set), workers (hash)
-- ARGV: group, id, camera, time, record, most cameras, most assessments, keep for ms, worker, duration, now, most workers
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end

redis.call('HSET', KEYS[2], ARGV[4], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[8])
local times = redis.call('HKEYS', KEYS[2])
if #times > tonumber(ARGV[7]) then
  table.sort(times, function(a, b) return tonumber(a) < tonumber(b) end)
  for i = 1, #times - tonumber(ARGV[7]) do redis.call('HDEL', KEYS[2], times[i]) end
end

redis.call('ZADD', KEYS[3], 'GT', ARGV[4], ARGV[3])
local over = redis.call('ZCARD', KEYS[3]) - tonumber(ARGV[6])
if over > 0 then redis.call('ZPOPMIN', KEYS[3], over) end

-- A worker's totals: jobs, ms, when last.
local jobs, total = string.match(redis.call('HGET', KEYS[4], ARGV[9]) or '', '^(%d+) (%d+)')
local line = string.format('%d %d %s', (jobs or 0) + 1, (total or 0) + ARGV[10], ARGV[11])
redis.call('HSET', KEYS[4], ARGV[9], line)
if redis.call('HLEN', KEYS[4]) > tonumber(ARGV[12]) then
  local oldest, oldest_at
  local all = redis.call('HGETALL', KEYS[4])
  for i = 1, #all, 2 do
    local at = tonumber(string.match(all[i + 1], '(%d+)$'))
    if not oldest_at or at < oldest_at then oldest, oldest_at = all[i], at end
  end
  redis.call('HDEL', KEYS[4], oldest)
end
return 1
