-- A request was never sent: it counts no more.
-- KEYS: calls, tokens, state   ARGV: four days, id
local id = ARGV[5]
local project = open_project(1)
local entry = redis.call('HGET', project.tokens, id)
if not entry or not is_open(entry) then return end

forget(project, id, entry)
redis.call('HINCRBY', project.state, 'used', -1)
