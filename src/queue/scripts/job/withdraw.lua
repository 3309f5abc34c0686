-- Takes a job that nobody runs out of the queue: cancelled at once, or moved to the urgent stream.
-- KEYS: stream, waiting, where its end is told or where it goes on (the stream again: nowhere), then as `told` says
-- ARGV: group, waiting consumer, id, '1' to move it, field, value... to be told of its end, then as `told` says
-- Reply: 1 done, 0 somebody runs it or it is not there
-- include told
-- include position
local stream, waiting, target = KEYS[1], KEYS[2], KEYS[3]
local group, waiting_consumer, id, moves = ARGV[1], ARGV[2], ARGV[3], ARGV[4] == '1'

local entry = redis.call('XRANGE', stream, id, id)[1]
if not entry or (moves and target == stream) then return 0 end
-- Before the first worker was here there is no group, and nobody has anything.
local held = redis.pcall('XPENDING', stream, group, id, id, 1)
if held.err and not string.find(held.err, 'NOGROUP', 1, true) then return held end
local pending = not held.err and held[1]
if pending and (moves or pending[2] ~= waiting_consumer) then return 0 end
if not pending and not is_older(last_delivered(stream, group), id) then return 0 end

local added = target ~= stream and redis.call('XADD', target, '*', unpack(moves and entry[2] or ARGV, moves and 1 or 5))
if pending then
  redis.call('XACK', stream, group, id)
  redis.call('ZREM', waiting, id)
end
redis.call('XDEL', stream, id)
add_event(write_status(moves and { 'entry', added, 'stream', target } or nil))
return 1
