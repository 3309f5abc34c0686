-- One look: takes over entries that are due again, at most `count`, those of dead workers first, and stamps when we
-- looked. While the stamps show a gap, Redis itself was away and every lease looks expired: then only entries that wait
-- are taken, until workers had time to renew. While the group is paused nothing is taken. A look costs by what is due and
-- by the number of workers, not by what waits.
-- KEYS: tick, pause, cancellations, {stream, record, waiting}...
-- ARGV: group, consumer, waiting consumer, count, visibility ms, name of the life if this is a new one,
--       most bytes of an entry, cancellations are known up to ms
-- Reply: {grace 0|1, paused 0|1, {job cancelled, since ms...}, {id trimmed...}, {number of each lane not in the index...},
--         {{lane number, life, {id, {field, value...} or its size}, deliveries}...}}
-- include clock
-- include life
-- include bounded
-- include position
local tick, pause, cancellations = KEYS[1], KEYS[2], KEYS[3]
local group, consumer, waiting_consumer = ARGV[1], ARGV[2], ARGV[3]
local free, visibility, candidate, most = tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], tonumber(ARGV[7])
local now = now_ms()

local function in_grace()
  local stamp = redis.call('HMGET', tick, 'at', 'until')
  local last, ends = tonumber(stamp[1] or now), tonumber(stamp[2] or 0)
  if now - last > visibility * 0.6 then ends = now + math.floor(visibility / 2) end
  redis.call('HSET', tick, 'at', now, 'until', ends)
  return now < ends
end

local grace = in_grace()
local paused = redis.call('EXISTS', pause) == 1
local cancelled = redis.call('ZRANGE', cancellations, ARGV[8], '+inf', 'BYSCORE', 'WITHSCORES')
local trimmed, unindexed, rescued = {}, {}, {}
if paused then free = 0 end

local function take(lane, id, deliveries)
  -- An entry that left the stream cannot be claimed: this takes it off the pending list and gives nothing.
  local claimed = redis.call('XCLAIM', lane.stream, group, consumer, 0, id)
  if claimed[1] then
    rescued[#rescued + 1] = { lane.number, lane.life, bounded(claimed[1], most), deliveries + 1 }
    free = free - 1
  else
    trimmed[#trimmed + 1] = id
  end
end

-- What a consumer holds whose lease ran out.
local function take_expired(lane, holder)
  local from = '-'
  while free > 0 and from do
    local wanted = free
    local page = redis.call('XPENDING', lane.stream, group, 'IDLE', visibility, from, '+', wanted, holder)
    for _, entry in ipairs(page) do take(lane, entry[1], entry[4]) end
    from = #page == wanted and '(' .. page[#page][1] or nil
  end
end

-- What was noted to come due by now, what is due for longest first.
local function take_due(lane)
  while free > 0 do
    local wanted = free
    local ids = redis.call('ZRANGE', lane.waiting, '-inf', now, 'BYSCORE', 'LIMIT', 0, wanted)
    for _, id in ipairs(ids) do
      redis.call('ZREM', lane.waiting, id)
      local entry = redis.call('XPENDING', lane.stream, group, id, id, 1, waiting_consumer)[1]
      if entry then take(lane, id, entry[4]) end
    end
    if #ids < wanted then return end
  end
end

for i = 4, #KEYS, 3 do
  local lane = { number = (i - 1) / 3, stream = KEYS[i], record = KEYS[i + 1], waiting = KEYS[i + 2] }
  local holders, waits = {}, 0
  for _, flat in ipairs(redis.call('XINFO', 'CONSUMERS', lane.stream, group)) do
    local info = fields_of(flat)
    if info['name'] == waiting_consumer then
      waits = info['pending']
    elseif info['name'] ~= consumer and info['pending'] > 0 then
      -- What we hold ourselves we run: to take it over would be to run it twice.
      holders[#holders + 1] = info['name']
    end
  end
  lane.life = life_of(lane.record, candidate)
  if not grace then
    for _, holder in ipairs(holders) do take_expired(lane, holder) end
  end
  if redis.call('ZCARD', lane.waiting) < waits then unindexed[#unindexed + 1] = lane.number end
  take_due(lane)
end

return { grace and 1 or 0, paused and 1 or 0, cancelled, trimmed, unindexed, rescued }
