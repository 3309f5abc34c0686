-- Each worker's last settlements are remembered for a while, by the number that it gave the delivery: one whose reply was
-- lost is sent again, and must not look like another worker's.
local SETTLEMENTS_KEPT, SETTLEMENTS_KEPT_MS = 1000, 600000

local function note_settled(settled, ...)
  if redis.call('RPUSH', settled, ...) > 2 * SETTLEMENTS_KEPT then
    redis.call('LTRIM', settled, -SETTLEMENTS_KEPT, -1)
  end
  redis.call('PEXPIRE', settled, SETTLEMENTS_KEPT_MS)
end

local function did_settle(settled, number)
  for _, done in ipairs(redis.call('LRANGE', settled, 0, -1)) do
    if done == number then return true end
  end
  return false
end
