-- include settled
-- include position

-- Whose a delivery is.
local OURS, GONE, OTHERS, SETTLED = 1, 2, 3, 4

-- What every settling script is called with.
-- KEYS: stream, record, settled...   ARGV: group, consumer, id, life, digest of the payload (empty: not known), number...
local lane = { stream = KEYS[1], record = KEYS[2], settled = KEYS[3], group = ARGV[1], consumer = ARGV[2] }
local delivery = { id = ARGV[3], life = ARGV[4], digest = ARGV[5], number = ARGV[6] }

-- The delivery's entry, if it is in the stream: not another one that was given the same id.
local function own_entry()
  local entry = redis.call('XRANGE', lane.stream, delivery.id, delivery.id)[1]
  local is_it = entry and (delivery.digest == '' or digest_of(entry[2]) == delivery.digest)
  return entry, is_it
end

local function pending_entry()
  return redis.call('XPENDING', lane.stream, lane.group, delivery.id, delivery.id, 1)[1]
end

-- Whether the group, as it is now, was ever given the entry.
local function was_delivered()
  local from = redis.call('HGET', lane.record, 'from') or '0-0'
  return is_older(from, delivery.id) and not is_older(last_delivered(lane.stream, lane.group), delivery.id)
end

-- Acknowledges the delivery after entries were added for it. A script that is refused in its middle is not undone by Redis:
-- what was added would be added again with each try. `added`: {stream, id}...
local function acknowledge_or_undo(...)
  local acked = redis.pcall('XACK', lane.stream, lane.group, delivery.id)
  if type(acked) ~= 'table' or not acked.err then return end
  for _, entry in ipairs({ ... }) do redis.call('XDEL', entry[1], entry[2]) end
  -- Once more, so that the error names this command.
  redis.call('XACK', lane.stream, lane.group, delivery.id)
end

-- OURS: pending in our name. OTHERS: another worker has it, or settled it. SETTLED: by us, before. GONE: Redis does not
-- know of it any more, whatever now has its id: nobody else can run it, settle it or give it back.
local function standing()
  local pending = pending_entry()
  local is_owned = pending and pending[2] == lane.consumer
  local is_same_life = redis.call('HGET', lane.record, 'life') == delivery.life
  if is_owned and is_same_life then return OURS end
  if did_settle(lane.settled, delivery.number) then return SETTLED end
  if pending and is_same_life then return OTHERS end

  local entry, is_it = own_entry()
  -- A producer's MAXLEN took it while its job ran.
  if not entry then return is_owned and OURS or GONE end
  if not is_it then return GONE end
  if pending then return is_owned and OURS or OTHERS end
  return (is_same_life or was_delivered()) and OTHERS or GONE
end
