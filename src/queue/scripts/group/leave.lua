-- Removes a consumer of ours that holds nothing: removing one that does would throw its entries away.
-- KEYS: stream, settled   ARGV: group, consumer
redis.call('DEL', KEYS[2])
if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) == 0 then
  return redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
end
return 0
