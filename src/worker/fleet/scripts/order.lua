-- Tells a worker what to do; what it was told before and has not heard yet still holds.
-- KEYS: beats (sorted set), orders (hash)   ARGV: name, order (JSON), silent after ms, keep for ms
-- Reply: the order's id; false where there is no such worker
-- include clock
local at = redis.call('ZSCORE', KEYS[1], ARGV[1])
if not at or tonumber(at) < now_ms() - tonumber(ARGV[3]) then return false end
local order = cjson.decode(ARGV[2])
local last, earlier = string.match(redis.call('HGET', KEYS[2], ARGV[1]) or '', '^(%d+) (.*)$')
for name, value in pairs(cjson.decode(earlier or '{}')) do
  if order[name] == nil then order[name] = value end
end
-- Later orders have higher ids, whoever gives them.
local id = string.format('%.0f', math.max((last or 0) + 1, math.floor(now_ms() * 1000)))
redis.call('HSET', KEYS[2], ARGV[1], id .. ' ' .. cjson.encode(order))
redis.call('PEXPIRE', KEYS[2], ARGV[4])
return id
