-- What Redis knows of a lane and its group at one moment. Costs by the number of groups and workers, not by what waits.
-- KEYS: stream, waiting   ARGV: group, waiting consumer
-- Reply: nil without a stream, else a list; what is not there is an empty text (see `numbers/lane-facts.ts`)
-- include position
local stream, waiting, group, waiting_consumer = KEYS[1], KEYS[2], ARGV[1], ARGV[2]
if redis.call('EXISTS', stream) == 0 then return false end

local function group_info()
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local info = fields_of(flat)
    if info['name'] == group then return info end
  end
end

local function waiting_count(summary)
  for _, holder in ipairs(summary[4] or {}) do
    if holder[1] == waiting_consumer then return holder[2] end
  end
  return 0
end

local info, ours = fields_of(redis.call('XINFO', 'STREAM', stream)), group_info()
local delivered = ours and ours['last-delivered-id'] or '0-0'
local summary = ours and redis.call('XPENDING', stream, group) or { 0 }
local is_behind = delivered ~= info['last-generated-id']
-- Behind the last id that there can be Redis finds no next one, and says so by an error.
local next_one = is_behind and redis.pcall('XRANGE', stream, '(' .. delivered, '+', 'COUNT', 1)[1]
local due = redis.call('ZRANGE', waiting, 0, 0, 'WITHSCORES')

return {
  info['length'], info['entries-added'] or '', (info['first-entry'] or {})[1] or '', info['last-generated-id'],
  info['max-deleted-entry-id'] or '', delivered, ours and ours['entries-read'] or '', ours and ours['lag'] or '',
  summary[1], waiting_count(summary), summary[2] or '', next_one and next_one[1] or '', due[2] or '',
}
