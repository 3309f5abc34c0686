-- Publishes what a job found and acknowledges the job, in one step.
-- KEYS: stream, results stream   ARGV: group, consumer, id, keep results for ms, name of the entry's field, its value,
-- field, value...
-- Reply: 1 done, 0 not ours.
local stream, results, group, consumer, id, keep = KEYS[1], KEYS[2], unpack(ARGV, 1, 4)
local entry_field, entry = ARGV[5], ARGV[6]
local SEARCHED = 5000

local function found(fields)
  for i = 1, #fields, 2 do
    if fields[i] == entry_field then return fields[i + 1] == entry end
  end
end

-- No result is older than the entry it is of.
local function published()
  local from = string.match(id, '^%d+')
  for _, result in ipairs(redis.call('XREVRANGE', results, '+', from, 'COUNT', SEARCHED)) do
    if found(result[2]) then return true end
  end
  return false
end

-- Gone from the stream and from the pending list: trimmed by a producer while its job ran, so that nobody else can settle
-- it, or settled by us in a call whose reply was lost, and trimmed since. Only the results tell one from the other.
local function trimmed()
  return #redis.call('XPENDING', stream, group, id, id, 1) == 0 and #redis.call('XRANGE', stream, id, id) == 0
end

local ours = #redis.call('XPENDING', stream, group, id, id, 1, consumer) == 1
if not ours then
  if not trimmed() then return 0 end
  if published() then return 1 end
end

local time = redis.call('TIME')
local oldest = string.format('%.0f', math.max(0, time[1] * 1000 - keep))
redis.call('XADD', results, 'MINID', '~', oldest, '*', unpack(ARGV, 5))
redis.call('XACK', stream, group, id)
return 1
