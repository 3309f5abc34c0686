-- Publishes what became of a job and acknowledges the job, in one step.
-- KEYS: as `standing` says, results stream
-- ARGV: as `standing` says, keep results for ms, name of the entry's field, its value, field, value...
-- Reply: how the delivery stood: 1 ours, 2 gone, 3 another's, 4 settled by us before
-- include result
-- include life
-- include standing
local results, keep, entry_field, entry_name = KEYS[4], tonumber(ARGV[7]), ARGV[8], ARGV[9]
local SEARCHED = 5000

local function is_of_this(fields)
  for i = 1, #fields, 2 do
    if fields[i] == entry_field then return fields[i + 1] == entry_name end
  end
end

-- No result is older than the entry it is of.
local function is_published()
  local from = string.match(delivery.id, '^%d+')
  for _, result in ipairs(redis.call('XREVRANGE', results, '+', from, 'COUNT', SEARCHED)) do
    if is_of_this(result[2]) then return true end
  end
  return false
end

local stands = standing()
if stands == OURS or (stands == GONE and not is_published()) then
  local added = add_result(results, keep, unpack(ARGV, 8))
  if stands == OURS then acknowledge_or_undo({ results, added }) end
end
if stands == OURS or stands == GONE then note_settled(lane.settled, delivery.number) end
return stands
