-- Puts a dead letter back into its stream as it came, with the id of its first entry, and takes it off the
-- dead-letter stream.
-- A gap puts it behind what was put back with a gap before: the entry says from when on it may run. That time is all there is
-- to it: nobody has to stay alive to keep it.
-- KEYS: dead-letter stream, stream, dead letters by code, when the last one with a gap may run
-- ARGV: id, prefix of our fields, name of the source field, name of the field that says from when on it may run, gap ms (0: at
--       once), the latest that may be, ms from now
-- Reply: 1 done, 0 not there any more, -1 there is no place left before the latest time.
-- include clock
-- include dead_codes
local dlq, stream, pace = KEYS[1], KEYS[2], KEYS[4]
local id, prefix, source, not_before, gap, most = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])

local entry = redis.call('XRANGE', dlq, id, id)[1]
if not entry then return 0 end

local fields, letter, origin = {}, entry[2], nil
for i = 1, #letter, 2 do
  local name, value = letter[i], letter[i + 1]
  if string.sub(name, 1, #prefix) ~= prefix then
    fields[#fields + 1] = name
    fields[#fields + 1] = value
  elseif name == source then
    origin = value
  end
end
if origin then
  fields[#fields + 1] = source
  fields[#fields + 1] = origin
end

local now, due = now_ms(), nil
if gap > 0 then
  local last = tonumber(redis.call('GET', pace) or '')
  due = last and math.max(now, last + gap) or now
  if due > now + most then return -1 end
  fields[#fields + 1] = not_before
  fields[#fields + 1] = string.format('%.0f', due)
end

-- A script that is refused in its middle is not undone: what comes last is tried first, where it does nothing.
redis.call('XDEL', dlq, '0-0')
local added = redis.call('XADD', stream, '*', unpack(fields))
redis.call('XDEL', dlq, id)
count_dead(KEYS[3], code_of(letter), -1)
-- Where this is refused the next one only comes too early.
if due then redis.pcall('SET', pace, string.format('%.0f', due), 'PX', string.format('%.0f', due - now + gap)) end
return 1, added
