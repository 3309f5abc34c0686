-- Reserves one request from the project that has the largest part of its budget left, or only looks.
-- KEYS: calls, tokens and state of every project, then the mark of every key that is there while the key is retired
-- ARGV: four days, id of the request (empty: only look), its tokens, the window in which requests are counted (ms),
--       after how long a request that was never settled stops to count (ms), number of projects,
--       for every project its requests and tokens per window, its requests per day and 1 if it is not wanted,
--       for every key the number of its project
-- Reply: {number of the project or 0, ms until one has room or -1 when all keys are retired,
--         for every project ms that it is parked, for every key 1 if it is retired,
--         what Google said of every project that is parked, and of every key that is retired}
local id, wanted, window, held = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
local projects = tonumber(ARGV[9])
-- A project that has just refused is not asked again at once, whatever it said.
local BREATH = 1000
-- Tokens are awaited no further than this many requests ahead; then it is time to look again.
local AHEAD = 200

local function limits_of(p)
  local at = 9 + (p - 1) * 4
  return { rpm = tonumber(ARGV[at + 1]), tpm = tonumber(ARGV[at + 2]), rpd = tonumber(ARGV[at + 3]),
    unwanted = ARGV[at + 4] == '1' }
end

-- A request that is under way counts for at least another window from now, and its end is not known: look again then.
local function wait_until(score)
  return math.max(1, math.min(tonumber(score) - now, window))
end

local function wait_for_calls(project, limits)
  local over = redis.call('ZCARD', project.calls) - limits.rpm
  if over < 0 then return 0 end
  return wait_until(redis.call('ZRANGE', project.calls, over, over, 'WITHSCORES')[2])
end

local function wait_for_tokens(project, limits)
  local needed, left = math.min(wanted, limits.tpm), limits.tpm - number(project.state, 'tokens')
  if needed <= left then return 0 end
  local wait = 1
  local rows = redis.call('ZRANGE', project.calls, 0, AHEAD - 1, 'WITHSCORES')
  for i = 1, #rows, 2 do
    left = left + tokens_of(redis.call('HGET', project.tokens, rows[i]) or 's0')
    wait = wait_until(rows[i + 1])
    if needed <= left then break end
  end
  return wait
end

local function wait_for_day(project, limits)
  if number(project.state, 'used') < limits.rpd then return 0 end
  local _, tomorrow = today()
  return tomorrow - now
end

local function wait_for(project, limits, parked)
  return math.max(parked, wait_for_day(project, limits), wait_for_calls(project, limits),
    wait_for_tokens(project, limits), limits.unwanted and BREATH or 0)
end

-- The smallest of the parts that are left, 0 to 1.
local function left_of(project, limits)
  return math.min(1 - redis.call('ZCARD', project.calls) / limits.rpm,
    1 - number(project.state, 'tokens') / limits.tpm,
    1 - number(project.state, 'used') / limits.rpd)
end

local function reserve(project)
  redis.call('ZADD', project.calls, now + held, id)
  redis.call('HSET', project.tokens, id, string.format('o%.0f', wanted))
  redis.call('HINCRBY', project.state, 'tokens', wanted)
  redis.call('HINCRBY', project.state, 'open', 1)
  redis.call('HINCRBY', project.state, 'used', 1)
  keep(project)
end

local retired, usable, said_of_keys = {}, {}, {}
for k = 1, #KEYS - 3 * projects do
  retired[k] = redis.call('EXISTS', KEYS[3 * projects + k])
  said_of_keys[k] = redis.call('GET', KEYS[3 * projects + k]) or ''
  if retired[k] == 0 then usable[tonumber(ARGV[9 + 4 * projects + k])] = true end
end

local parked, best, best_left, had, soonest = {}, 0, -math.huge, 0, -1
local opened, said = {}, {}
for p = 1, projects do
  local project, limits = open_project(3 * p - 2), limits_of(p)
  opened[p] = project
  parked[p] = math.max(0, number(project.state, 'parked') - now)
  said[p] = parked[p] > 0 and redis.call('HGET', project.state, 'said') or ''
  -- The reply to this very call was lost, and the connection sent it again.
  if id ~= '' and redis.call('ZSCORE', project.calls, id) then had = p end
  if usable[p] then
    local wait, left = wait_for(project, limits, parked[p]), left_of(project, limits)
    if wait == 0 and left > best_left then best, best_left = p, left end
    if soonest < 0 or wait < soonest then soonest = wait end
  end
end

if had == 0 and best > 0 and id ~= '' then reserve(opened[best]) end
return { had > 0 and had or best, math.ceil(soonest), parked, retired, said, said_of_keys }
