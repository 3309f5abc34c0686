-- How far a group is.
local function id_parts(id)
  local ms, seq = string.match(id, '^(%d+)-(%d+)$')
  return tonumber(ms), tonumber(seq)
end

local function is_older(a, b)
  local a_ms, a_seq = id_parts(a)
  local b_ms, b_seq = id_parts(b)
  if a_ms ~= b_ms then return a_ms < b_ms end
  return a_seq < b_seq
end

local function fields_of(flat)
  local fields = {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

local function last_delivered(stream, group)
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local info = fields_of(flat)
    if info['name'] == group then return info['last-delivered-id'] end
  end
  return '0-0'
end

-- Up to where a stream may be trimmed that is to lose what lies before `id`: what any group has not read, or has pending,
-- is needed, whatever its age. Other groups' too.
local function trimmable(stream, id)
  for _, flat in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local info = fields_of(flat)
    local needed = info['last-delivered-id']
    local first_pending = redis.call('XPENDING', stream, info['name'])[2]
    if first_pending and is_older(first_pending, needed) then needed = first_pending end
    if is_older(needed, id) then id = needed end
  end
  return id
end
