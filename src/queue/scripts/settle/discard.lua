-- Copies a delivery to the dead-letter stream, tells its end in the results, and acknowledges its entry.
-- KEYS: as `standing` says, dead-letter stream, results stream (the dead-letter stream again: none),
--       dead letters by code
-- ARGV: as `standing` says, keep results for ms, number of values of the result, field, value... of the result,
--       field, value... of the letter
-- Reply: how the delivery stood: 1 ours, 2 gone, 3 another's, 4 settled by us before
-- include result
-- include life
-- include standing
-- include dead_codes
local letters, results, keep, count = KEYS[4], KEYS[5], tonumber(ARGV[7]), tonumber(ARGV[8])

local function add_letter(told)
  local added = redis.pcall('XADD', letters, '*', unpack(ARGV, 9 + count))
  if type(added) ~= 'table' then return added end
  if told then redis.call('XDEL', results, told) end
  -- Once more, so that the error names this command.
  return redis.call('XADD', letters, '*', unpack(ARGV, 9 + count))
end

local stands, added = standing(), nil
if stands == OURS or stands == GONE then
  local told = results ~= letters and add_result(results, keep, unpack(ARGV, 9, 8 + count))
  added = add_letter(told)
  if stands == OURS then acknowledge_or_undo({ letters, added }, told and { results, told } or nil) end
  count_dead(KEYS[6], code_of(ARGV), 1)
  note_settled(lane.settled, delivery.number)
end
return stands, added and { 'letter', added }
