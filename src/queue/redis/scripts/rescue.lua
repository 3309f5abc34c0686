-- One look: takes over entries of others that are due again, oldest first, at most `count`, and stamps when we looked.
-- While the stamps show a gap, Redis itself was away and every lease looks expired: then only entries that wait for a
-- retry are taken, until workers had time to renew. While the group is paused nothing is taken.
-- KEYS: tick, pause, cancellations, stream...   ARGV: group, consumer, waiting consumer, count, visibility ms
-- Reply: {grace 0|1, paused 0|1, {job cancelled, since ms...}, {id trimmed...},
--         {lane number, {id, {field, value...}}, deliveries}...}
local tick, pause, cancellations = KEYS[1], KEYS[2], KEYS[3]
local group, consumer, waiting = ARGV[1], ARGV[2], ARGV[3]
local free, visibility = tonumber(ARGV[4]), tonumber(ARGV[5])

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function in_grace()
  local stamp = redis.call('HMGET', tick, 'at', 'until')
  local last, ends = tonumber(stamp[1] or now), tonumber(stamp[2] or 0)
  if now - last > visibility * 0.6 then ends = now + math.floor(visibility / 2) end
  redis.call('HSET', tick, 'at', now, 'until', ends)
  return now < ends
end

local grace = in_grace()
local paused = redis.call('EXISTS', pause) == 1
local cancelled = redis.call('ZRANGE', cancellations, 0, -1, 'WITHSCORES')
local trimmed, rescued = {}, {}
if paused then free = 0 end

-- The next entries from `from` on that are due, as many as are wanted.
local function due(stream, from)
  if grace then
    return redis.call('XPENDING', stream, group, 'IDLE', visibility, from, '+', free, waiting)
  end
  return redis.call('XPENDING', stream, group, 'IDLE', visibility, from, '+', free)
end

local function take(lane, stream, id, deliveries)
  -- An entry that left the stream cannot be claimed: this takes it off the pending list and gives nothing.
  local claimed = redis.call('XCLAIM', stream, group, consumer, visibility, id)
  if claimed[1] then
    rescued[#rescued + 1] = { lane, claimed[1], deliveries + 1 }
    free = free - 1
  else
    trimmed[#trimmed + 1] = id
  end
end

for i = 4, #KEYS do
  local from = '-'
  while free > 0 and from do
    local wanted, page = free, due(KEYS[i], from)
    for _, entry in ipairs(page) do
      -- What we hold ourselves we run: to take it over would be to run it twice.
      if entry[2] ~= consumer then take(i - 3, KEYS[i], entry[1], entry[4]) end
    end
    from = #page == wanted and '(' .. page[#page][1] or nil
  end
end

return { grace and 1 or 0, paused and 1 or 0, cancelled, trimmed, rescued }
