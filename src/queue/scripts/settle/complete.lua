-- Acknowledges the deliveries of one life that are pending in our name.
-- KEYS: stream, record, settled   ARGV: group, consumer, life, {id, number}...
-- Reply: the ids of which it takes a closer look to know whose they are (`acknowledge`)
-- include settled
local stream, record, settled = KEYS[1], KEYS[2], KEYS[3]
local group, consumer, life = ARGV[1], ARGV[2], ARGV[3]
local FIRST = 4
local is_same_life = redis.call('HGET', record, 'life') == life

-- All that is pending in our name is what we run: for several ids one list is cheaper than a question for each.
local function owner_check()
  if #ARGV <= FIRST + 1 then
    return function(id) return #redis.call('XPENDING', stream, group, id, id, 1, consumer) == 1 end
  end
  local held = {}
  for _, entry in ipairs(redis.call('XPENDING', stream, group, '-', '+', 1000, consumer)) do held[entry[1]] = true end
  return function(id) return held[id] end
end

local ours, numbers, unclear, is_ours = {}, {}, {}, owner_check()
for i = FIRST, #ARGV, 2 do
  if is_same_life and is_ours(ARGV[i]) then
    ours[#ours + 1] = ARGV[i]
    numbers[#numbers + 1] = ARGV[i + 1]
  else
    unclear[#unclear + 1] = ARGV[i]
  end
end

if #ours > 0 then
  redis.call('XACK', stream, group, unpack(ours))
  note_settled(settled, unpack(numbers))
end
return unclear
