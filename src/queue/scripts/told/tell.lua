-- Tells clients how a job goes on that is pending in our name; of another worker's job nothing is told.
-- KEYS: stream, then as `told` says   ARGV: group, consumer, id, then as `told` says   Reply: 1 told, 0 not ours
-- include told
local stream, group, consumer, id = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
if #redis.call('XPENDING', stream, group, id, id, 1, consumer) == 0 then return 0 end
add_event(write_status())
return 1
