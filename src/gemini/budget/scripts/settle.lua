-- A request has ended: from now on it counts for one more window, with the tokens that it used.
-- KEYS: calls, tokens, state   ARGV: four days, id, tokens, for how long it still counts (ms)
local id, used, counts = ARGV[5], tonumber(ARGV[6]), tonumber(ARGV[7])
local project = open_project(1)
-- A request that took longer than it was held for is not there any more, but was sent all the same.
local entry = redis.call('HGET', project.tokens, id) or 's0'

redis.call('ZADD', project.calls, now + counts, id)
redis.call('HSET', project.tokens, id, string.format('s%.0f', used))
redis.call('HINCRBY', project.state, 'tokens', used - tokens_of(entry))
if is_open(entry) then redis.call('HINCRBY', project.state, 'open', -1) end
keep(project)
