-- How many dead letters there are by code: a hash. To count must never keep a job from being settled, so that what Redis
-- refuses here is passed over; a later count mends it (see `numbers/dead-codes.ts`).
local CODE_FIELD, OTHER_CODES, MOST_CODES = 'roadstream:code', 'OTHER', 64

-- The code of a dead letter; our fields come last.
local function code_of(fields)
  for i = #fields - 1, 1, -2 do
    local value = fields[i + 1]
    if fields[i] == CODE_FIELD then return #value <= 64 and string.match(value, '^[%w_]+$') or OTHER_CODES end
  end
  return OTHER_CODES
end

-- The field under which letters of a code are counted.
local function counted_as(codes, code, by)
  if redis.pcall('HGET', codes, code) then return code end
  local known = redis.pcall('HLEN', codes)
  return by > 0 and type(known) == 'number' and known < MOST_CODES and code or OTHER_CODES
end

local function count_dead(codes, code, by)
  local field = counted_as(codes, code, by)
  local left = redis.pcall('HINCRBY', codes, field, by)
  if type(left) == 'number' and left <= 0 then redis.pcall('HDEL', codes, field) end
end
