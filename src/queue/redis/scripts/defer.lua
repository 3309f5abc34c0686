-- Lets an entry of ours come due again: it goes to the waiting consumer with an idle time that reaches the
-- visibility timeout after the delay, and with the delivery count we are given.
-- KEYS: stream   ARGV: group, consumer, waiting consumer, id, idle ms, delivery count, field, value...
-- Reply: 1 done, 0 not ours.
local stream, group, consumer, waiting, id, idle, count = KEYS[1], unpack(ARGV, 1, 6)

-- An entry that was trimmed while its job ran would be lost: it is added again, when the payload is in hand.
local function add_again()
  if #ARGV > 6 then redis.call('XADD', stream, '*', unpack(ARGV, 7)) end
  return 1
end

if #redis.call('XPENDING', stream, group, id, id, 1, consumer) == 1 then
  local claimed = redis.call('XCLAIM', stream, group, waiting, 0, id, 'IDLE', idle, 'RETRYCOUNT', count, 'JUSTID')
  return #claimed == 1 and 1 or add_again()
end

local pending_elsewhere = #redis.call('XPENDING', stream, group, id, id, 1) == 1
local settled = #redis.call('XRANGE', stream, id, id) == 1
if pending_elsewhere or settled then return 0 end
return add_again()
