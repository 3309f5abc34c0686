-- What every script of the budgets begins with; `now` (ms since the epoch) was set before.
-- ARGV 1 to 4: the starts of four days in Los Angeles, ms since the epoch.
--
-- A project's budget for one model lies in three keys:
--   calls   sorted set: the id of a request by when it stops to count, ms since the epoch
--   tokens  hash: the id of a request by its tokens, with `o` before them while it is under way and `s` once settled
--   state   hash: tokens, the sum of them; open, the requests under way; day, when the present day began;
--           used, the requests of that day; parked, until when Google wants to hear nothing;
--           said, what it said of that

-- A day's count must outlive the day; all else is shorter. ms
local KEPT = 172800000
-- So many requests that no longer count are cleared away at a time; the others count a little longer.
local AT_A_TIME = 1000

local function number(key, field)
  return tonumber(redis.call('HGET', key, field) or '0')
end

local function tokens_of(entry)
  return tonumber(string.sub(entry, 2))
end

local function is_open(entry)
  return string.sub(entry, 1, 1) == 'o'
end

local function note(key, field, value)
  redis.call('HSET', key, field, string.format('%.0f', value))
end

-- When the present day began and when the next one does.
local function today()
  local at = 1
  for i = 2, 3 do
    if tonumber(ARGV[i]) <= now then at = i end
  end
  return tonumber(ARGV[at]), tonumber(ARGV[at + 1])
end

-- Takes a request out of the budget as if it had never been, but for the count of the day.
local function forget(project, id, entry)
  redis.call('ZREM', project.calls, id)
  redis.call('HDEL', project.tokens, id)
  -- Not the negative of it: to Redis 7.0 that of 0 is no number.
  redis.call('HINCRBY', project.state, 'tokens', 0 - tokens_of(entry))
  if is_open(entry) then redis.call('HINCRBY', project.state, 'open', -1) end
end

-- A project's budget, cleared of what no longer counts.
local function open_project(first)
  local project = { calls = KEYS[first], tokens = KEYS[first + 1], state = KEYS[first + 2] }
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', project.calls, '-inf', now, 'LIMIT', 0, AT_A_TIME)) do
    forget(project, id, redis.call('HGET', project.tokens, id) or 's0')
  end
  local day = today()
  if day > number(project.state, 'day') then
    note(project.state, 'day', day)
    -- A request that is under way at midnight may arrive on either side of it: it counts on both days.
    note(project.state, 'used', number(project.state, 'open'))
  end
  return project
end

local function keep(project)
  for _, key in pairs(project) do redis.call('PEXPIRE', key, KEPT) end
end
