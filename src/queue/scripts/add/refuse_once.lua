-- Adds a dead letter of what never was in a stream, unless one of the same name, or its job, was added lately.
-- KEYS: marker of the name, dead-letter stream, dead letters by code
-- ARGV: how long the name is remembered ms, field, value... of the letter
-- Reply: the letter's id, or nil when it was there.
-- include dead_codes
local marker, letters, codes, remember = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
if redis.call('EXISTS', marker) == 1 then return false end
-- A script that is refused in its middle is not undone: what comes last is tried first, where it does nothing.
redis.call('SET', marker, '', 'PX', 1)
local id = redis.call('XADD', letters, '*', unpack(ARGV, 2))
redis.call('SET', marker, id, 'PX', remember)
count_dead(codes, code_of(ARGV), 1)
return id
