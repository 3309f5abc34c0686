-- Adds a job unless one of the same name was added lately.
-- KEYS: marker of the name, stream   ARGV: how long the name is remembered ms, field, value...
-- Reply: the entry's id, or nil when it was there.
local marker, stream, remember = KEYS[1], KEYS[2], ARGV[1]
if redis.call('EXISTS', marker) == 1 then return false end
-- A script that is refused in its middle is not undone: what comes last is tried first, where it does nothing.
redis.call('SET', marker, '', 'PX', 1)
local id = redis.call('XADD', stream, '*', unpack(ARGV, 2))
redis.call('SET', marker, id, 'PX', remember)
return id
