-- How many dead letters there are, by code as far as that is known, and the oldest one.
-- KEYS: dead-letter stream, dead letters by code   ARGV: most codes
-- Reply: {number, {code, number...}, id of the oldest, or nil}
local oldest = redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1]
local codes = redis.call('HLEN', KEYS[2]) <= tonumber(ARGV[1]) and redis.call('HGETALL', KEYS[2]) or {}
return { redis.call('XLEN', KEYS[1]), codes, oldest and oldest[1] or false }
