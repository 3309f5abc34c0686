-- Adds a job under its name, with its status, unless one of that name is known.
-- KEYS: stream, then as `told` says
-- ARGV: digest of what was asked for, number of values, field, value..., then as `told` says
-- Reply: {1 added | 0 the same is there | 2 another is there, id of its entry}
-- include told
local stream, digest, count = KEYS[1], ARGV[1], tonumber(ARGV[2])

local known = redis.call('HMGET', told_status, 'digest', 'entry')
if known[1] then return { known[1] == digest and 0 or 2, known[2] or '' } end

-- A script that is refused in its middle is not undone: what can be taken back comes first.
redis.call('HSET', told_status, 'digest', digest)
redis.call('PEXPIRE', told_status, told_keep)
local id = redis.pcall('XADD', stream, '*', unpack(ARGV, 3, 2 + count))
if type(id) == 'table' then
  redis.call('DEL', told_status)
  return id
end
add_event(write_status({ 'entry', id, 'stream', stream }))
return { 1, id }
