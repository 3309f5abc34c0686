-- A stream that was flushed, deleted, or lost to a failover gives its ids again: an entry is known by its id only within
-- one life of its stream. The record of a lane, a hash beside the stream, holds that life and how far the group was:
--   life    random name of this life
--   server  the run of the server it was seen on: another one may lack what the last one had
--   at      the newest entry that was delivered, and `digest` of what it holds
--   from    where the group began in this life: entries up to there were delivered in an earlier one

local OUR_FIELDS = 'roadstream:'

-- A longer text counts by its length and its beginning.
local DIGESTED = 4096

local function digested(text) return #text .. ':' .. string.sub(text, 1, DIGESTED) end

-- What an entry holds, without the fields that we add ourselves. The worker computes the same (see `digest.ts`).
local function digest_of(fields)
  local parts = {}
  for i = 1, #fields, 2 do
    if string.sub(fields[i], 1, #OUR_FIELDS) ~= OUR_FIELDS then
      parts[#parts + 1] = digested(fields[i])
      parts[#parts + 1] = digested(fields[i + 1])
    end
  end
  return redis.sha1hex(table.concat(parts))
end

-- The run of the server; empty when this user may not ask for it.
local function server_run()
  local info = redis.pcall('INFO', 'server')
  return type(info) == 'string' and string.match(info, 'run_id:(%w+)') or ''
end

-- Remembers how far the group is on a lane.
local function remember(record, entry)
  redis.call('HSET', record, 'at', entry[1], 'digest', digest_of(entry[2]))
end

-- Names the life of a lane that has a group. Another run of the server is another life: after a failover ids may be
-- given again although the group and its record are there.
local function life_of(record, candidate)
  local known = redis.call('HMGET', record, 'life', 'server')
  local server = server_run()
  if known[1] and known[2] == server then return known[1] end
  redis.call('HSET', record, 'life', candidate, 'server', server)
  return candidate
end
