-- What clients are told of a job whose status they asked for, in the same step in which its entry changes.
-- Last in KEYS: status (hash), statuses (sorted set: jobs by when they changed, ms), events (stream)
-- Last in ARGV: job, cctvId, type of the event, its data (JSON), the status lives for ms from now, so do the names ms, most
--   statuses, most events, field, value... of the status; and the number of all these
-- include clock
local told = {}
for i = tonumber(table.remove(ARGV)), 1, -1 do told[i] = table.remove(ARGV) end
local told_events, told_statuses, told_status = table.remove(KEYS), table.remove(KEYS), table.remove(KEYS)
local told_job, told_keep, TOLD_FIELDS = told[1], told[5], 9
local DROPPED_AT_ONCE = 10

-- Only with a new name there may be too many.
local function drop_oldest()
  redis.call('PEXPIRE', told_statuses, told[6])
  local over = redis.call('ZCARD', told_statuses) - tonumber(told[7])
  if over <= 0 then return end
  local prefix = string.sub(told_status, 1, #told_status - #told_job)
  local popped = redis.call('ZPOPMIN', told_statuses, math.min(over, DROPPED_AT_ONCE))
  for i = 1, #popped, 2 do redis.call('DEL', prefix .. popped[i]) end
end

local function write_status(more)
  local now = string.format('%.0f', now_ms())
  redis.call('HSET', told_status, 'updatedAt', now, unpack(told, TOLD_FIELDS))
  if more then redis.call('HSET', told_status, unpack(more)) end
  local version = redis.call('HINCRBY', told_status, 'version', 1)
  redis.call('PEXPIRE', told_status, told_keep)
  if redis.call('ZADD', told_statuses, now, told_job) == 1 then drop_oldest() end
  return version
end

local function add_event(version)
  local data = string.sub(told[4], 1, -2) .. ',"version":' .. version .. '}'
  redis.call(
    'XADD', told_events, 'MAXLEN', '~', told[8], '*', 'type', told[3], 'jobId', told_job, 'cctvId', told[2], 'data', data
  )
end
