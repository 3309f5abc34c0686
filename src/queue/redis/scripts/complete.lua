-- Acknowledges the entries that are still ours.
-- KEYS: stream   ARGV: group, consumer, id...
-- Reply: the ids that were not ours any more.
local stream, group, consumer = KEYS[1], ARGV[1], ARGV[2]
local lost, ours = {}, {}

-- All that is pending in our name is what we run: for several ids one list is cheaper than a question for each.
local function owner_check()
  if #ARGV < 5 then
    return function(id) return #redis.call('XPENDING', stream, group, id, id, 1, consumer) == 1 end
  end
  local held = {}
  for _, entry in ipairs(redis.call('XPENDING', stream, group, '-', '+', 1000, consumer)) do held[entry[1]] = true end
  return function(id) return held[id] end
end

-- An entry that left the stream while its job ran is nobody else's: the work is done, there is nothing to acknowledge.
local function trimmed(id)
  return #redis.call('XPENDING', stream, group, id, id, 1) == 0 and #redis.call('XRANGE', stream, id, id) == 0
end

local is_ours = owner_check()
for i = 3, #ARGV do
  local id = ARGV[i]
  if is_ours(id) then
    ours[#ours + 1] = id
  elseif not trimmed(id) then
    lost[#lost + 1] = id
  end
end

if #ours > 0 then redis.call('XACK', stream, group, unpack(ours)) end
return lost
