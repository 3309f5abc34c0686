-- Renews the lease of everything that is pending in our name. Whoever runs nothing holds nothing: entries that wait
-- belong to the waiting consumer.
-- KEYS: stream, record   ARGV: group, consumer, id to let go...
-- Reply: {life, {the ids that are ours}}
local stream, record, group, consumer = KEYS[1], KEYS[2], ARGV[1], ARGV[2]
local overdue = {}
for i = 3, #ARGV do overdue[ARGV[i]] = true end

local held = {}
for _, entry in ipairs(redis.call('XPENDING', stream, group, '-', '+', 1000, consumer)) do
  local id = entry[1]
  -- XCLAIM would drop a trimmed entry from the pending list, and with it the proof that it is ours.
  if not overdue[id] and #redis.call('XRANGE', stream, id, id) == 1 then
    redis.call('XCLAIM', stream, group, consumer, 0, id, 'JUSTID')
  end
  held[#held + 1] = id
end
return { redis.call('HGET', record, 'life') or '', held }
