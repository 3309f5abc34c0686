-- Goes right behind a read, on the same connection: tells in which life of its stream it took what it took, and remembers
-- how far the group is.
-- KEYS: {stream, record}...   ARGV: group
-- Reply: the life of each lane
-- include life
-- include position
local lives = {}
for i = 1, #KEYS, 2 do
  local stream, record = KEYS[i], KEYS[i + 1]
  local at = redis.call('EXISTS', stream) == 1 and last_delivered(stream, ARGV[1]) or '0-0'
  local entry = at ~= '0-0' and at ~= redis.call('HGET', record, 'at') and redis.call('XRANGE', stream, at, at)[1]
  if entry then remember(record, entry) end
  lives[#lives + 1] = redis.call('HGET', record, 'life') or ''
end
return lives
