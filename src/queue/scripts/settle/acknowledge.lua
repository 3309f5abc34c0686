-- Acknowledges one delivery, after a closer look at whose it is.
-- KEYS, ARGV: see `standing`   Reply: how it stood: 1 ours, 2 gone, 3 another's, 4 settled by us before
-- include life
-- include standing
local stands = standing()
if stands == OURS then redis.call('XACK', lane.stream, lane.group, delivery.id) end
if stands == OURS or stands == GONE then note_settled(lane.settled, delivery.number) end
return stands
