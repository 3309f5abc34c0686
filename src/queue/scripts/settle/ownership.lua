-- Whose a delivery is. What a group that was made anew does not know of, though its entry is there, is taken into our name
-- again: its worker may die, too.
-- KEYS, ARGV: see `standing`, and the delivery count   Reply: 1 ours, 2 gone, 3 another's, 4 settled by us
-- include life
-- include standing
local stands = standing()
if stands ~= GONE or pending_entry() or delivery.digest == '' then return stands end

local entry, is_it = own_entry()
local is_undelivered = is_older(last_delivered(lane.stream, lane.group), delivery.id)
if not entry or not is_it or is_undelivered then return GONE end
redis.call('XCLAIM', lane.stream, lane.group, lane.consumer, 0, delivery.id, 'RETRYCOUNT', ARGV[7], 'FORCE', 'JUSTID')
return OURS
