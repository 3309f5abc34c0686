-- What is known of a job: its status, and where its entry is.
-- KEYS: status, stream of its entry...   ARGV: group
-- Reply: {status flat, {where the entry is: 'new' | 'pending' | 'done' | 'none', consumer, deliveries}}
-- include position
local status = redis.call('HGETALL', KEYS[1])
local fields = fields_of(status)
local id, stream = fields['entry'], fields['stream']
if not id or not stream or redis.call('EXISTS', stream) == 0 then return { status, { 'none', '', 0 } } end

local has_group, last = false, '0-0'
for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  local info = fields_of(flat)
  if info['name'] == ARGV[1] then has_group, last = true, info['last-delivered-id'] end
end
local is_there = #redis.call('XRANGE', stream, id, id) == 1
if not has_group or is_older(last, id) then return { status, { is_there and 'new' or 'none', '', 0 } } end
local pending = redis.call('XPENDING', stream, ARGV[1], id, id, 1)[1]
if pending then return { status, { 'pending', pending[2], pending[4] } } end
return { status, { is_there and 'done' or 'none', '', 0 } }
