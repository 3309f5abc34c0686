-- Lets a delivery come due again: its entry goes to the waiting consumer, with the delivery count we are given.
-- KEYS: as `standing` says, waiting, set of the deliveries that are held (the stream again: it is not held)
-- ARGV: as `standing` says, waiting consumer, delay ms, visibility ms, delivery count, field, value...
-- Reply: how the delivery stood: 1 ours, 2 gone, 3 another's, 4 settled by us before
-- include clock
-- include life
-- include standing
local waiting, held = KEYS[4], KEYS[5]
local waiting_consumer, delay, visibility, count = ARGV[7], tonumber(ARGV[8]), tonumber(ARGV[9]), ARGV[10]
local HELD_FOR_MS = 86400000

-- To readers of the pending list its idle time reaches the visibility timeout when it is due, as far as that goes.
local function let_wait(...)
  local idle = string.format('%.0f', math.max(0, visibility - delay))
  local claimed = redis.call(
    'XCLAIM', lane.stream, lane.group, waiting_consumer, 0, delivery.id, 'IDLE', idle, 'RETRYCOUNT', count, 'JUSTID', ...
  )
  if #claimed == 0 then return false end
  redis.call('ZADD', waiting, string.format('%.0f', now_ms() + delay), delivery.id)
  if held ~= lane.stream then
    redis.call('SADD', held, delivery.id)
    redis.call('PEXPIRE', held, HELD_FOR_MS)
  end
  return true
end

-- What is left of the job is what the worker has in hand, when it has that. Gives the new entry's id.
local function add_again()
  if #ARGV > 10 then return redis.call('XADD', lane.stream, '*', unpack(ARGV, 11)) end
end

-- A group that was made anew may not know of the delivery although its entry is there.
local function bring_back()
  local entry, is_it = own_entry()
  if not entry or not is_it or delivery.digest == '' or pending_entry() then return add_again() end
  -- It will be delivered as a new one.
  if is_older(last_delivered(lane.stream, lane.group), delivery.id) then return end
  let_wait('FORCE')
end

local stands, added = standing(), nil
if stands == OURS and not let_wait() then added = add_again() end
if stands == GONE then added = bring_back() end
if stands == OURS or stands == GONE then note_settled(lane.settled, delivery.number) end
return stands, added and { 'entry', added }
