-- Copies a delivery to the dead-letter stream and acknowledges its entry.
-- KEYS: as `standing` says, dead-letter stream   ARGV: as `standing` says, field, value...
-- Reply: how the delivery stood: 1 ours, 2 gone, 3 another's, 4 settled by us before
-- include life
-- include standing
local stands = standing()
if stands == OURS or stands == GONE then
  local added = redis.call('XADD', KEYS[4], '*', unpack(ARGV, 7))
  if stands == OURS then acknowledge_or_undo(KEYS[4], added) end
  note_settled(lane.settled, delivery.number)
end
return stands
