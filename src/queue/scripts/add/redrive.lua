-- Puts a dead letter back into its stream as it came, with the id of its first entry, and takes it off the
-- dead-letter stream.
-- KEYS: dead-letter stream, stream, dead letters by code   ARGV: id, prefix of our fields, name of the source field
-- Reply: 1 done, 0 not there any more.
-- include dead_codes
local dlq, stream, id, prefix, source = KEYS[1], KEYS[2], ARGV[1], ARGV[2], ARGV[3]

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

-- A script that is refused in its middle is not undone: what comes last is tried first, where it does nothing.
redis.call('XDEL', dlq, '0-0')
local added = redis.call('XADD', stream, '*', unpack(fields))
redis.call('XDEL', dlq, id)
count_dead(KEYS[3], code_of(letter), -1)
return 1, added
