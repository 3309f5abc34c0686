-- Marks the result of a job that found nothing as done, and tells of its end.
-- KEYS: results stream, events (stream)   ARGV: group, id, most events, type (empty: nothing is told), job, camera, data
-- include events
if redis.call('XACK', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
if ARGV[4] ~= '' then tell(KEYS[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]) end
return 1
