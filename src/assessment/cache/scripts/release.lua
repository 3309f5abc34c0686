-- Gives the right to judge a segment back, if it is still this run's.
-- KEYS: the right   ARGV: entry, run
if redis.call('GET', KEYS[1]) == ARGV[1] .. ' ' .. ARGV[2] then redis.call('DEL', KEYS[1]) end
return 0
