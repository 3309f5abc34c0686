-- What clients are told of a job whose status they asked for, in the same step in which its entry changes.
-- Last in KEYS: status (hash), statuses (sorted set: jobs by when they changed, ms), events (stream)
-- Last in ARGV, as JSON: { job, cctvId, type of the event, data of the event (JSON), fields (of the status, by name),
--   keepMs (the status lives for, from now), indexMs (so do the names), most (statuses), mostEvents }
-- include clock
local told = cjson.decode(table.remove(ARGV))
local told_events, told_statuses, told_status = table.remove(KEYS), table.remove(KEYS), table.remove(KEYS)
local DROPPED_AT_ONCE = 10

local function drop_oldest()
  local over = redis.call('ZCARD', told_statuses) - told.most
  if over <= 0 then return end
  local prefix = string.sub(told_status, 1, #told_status - #told.job)
  local popped = redis.call('ZPOPMIN', told_statuses, math.min(over, DROPPED_AT_ONCE))
  for i = 1, #popped, 2 do redis.call('DEL', prefix .. popped[i]) end
end

local function write_status(more)
  local flat = more or {}
  for name, value in pairs(told.fields) do
    flat[#flat + 1] = name
    flat[#flat + 1] = value
  end
  local now = string.format('%.0f', now_ms())
  redis.call('HSET', told_status, 'updatedAt', now, unpack(flat))
  local version = redis.call('HINCRBY', told_status, 'version', 1)
  redis.call('PEXPIRE', told_status, told.keepMs)
  redis.call('ZADD', told_statuses, now, told.job)
  redis.call('PEXPIRE', told_statuses, told.indexMs)
  drop_oldest()
  return version
end

local function add_event(version)
  local data = string.sub(told.data, 1, -2) .. ',"version":' .. version .. '}'
  redis.call(
    'XADD', told_events, 'MAXLEN', '~', told.mostEvents, '*',
    'type', told.type, 'jobId', told.job, 'cctvId', told.cctvId, 'data', data
  )
end
