-- How far the readers of a results stream are: for each group the oldest result that it has not marked as done.
-- KEYS: results stream   ARGV: most groups
-- Reply: {group, id or an empty text}...
-- include position
local stream, left = KEYS[1], tonumber(ARGV[1])
if redis.call('EXISTS', stream) == 0 then return {} end

local function oldest_unread(info)
  local pending = redis.call('XPENDING', stream, info['name'])[2]
  if pending then return pending end
  -- Behind the last id that there can be Redis finds no next one, and says so by an error.
  local page = redis.pcall('XRANGE', stream, '(' .. info['last-delivered-id'], '+', 'COUNT', 1)
  return page[1] and page[1][1] or ''
end

local found = {}
for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
  if left == 0 then break end
  left = left - 1
  local info = fields_of(flat)
  found[#found + 1] = { info['name'], oldest_unread(info) }
end
return found
