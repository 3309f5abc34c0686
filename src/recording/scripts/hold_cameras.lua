-- Renews a recorder's leases and takes free cameras for it, up to its fair share.
-- KEYS: recorders, lease of each camera   ARGV: recorder, time that a lease lasts ms
-- Reply: the share, then the number of each camera held, from 0.
local recorders, recorder, lasts = KEYS[1], ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', recorders, now, recorder)
redis.call('ZREMRANGEBYSCORE', recorders, '-inf', now - lasts)
-- Where the clock was put back: who lives says so again soon, and the dead must not keep a share.
redis.call('ZREMRANGEBYSCORE', recorders, now + lasts, '+inf')
redis.call('PEXPIRE', recorders, lasts * 2)

local cameras = #KEYS - 1
local share = math.ceil(cameras / redis.call('ZCARD', recorders))
local reply, free = { share }, {}
for i = 1, cameras do
  local holder = redis.call('GET', KEYS[i + 1])
  if holder == recorder then
    redis.call('PEXPIRE', KEYS[i + 1], lasts)
    reply[#reply + 1] = i - 1
  elseif not holder then
    free[#free + 1] = i
  end
end
for _, i in ipairs(free) do
  if #reply - 1 < share then
    redis.call('SET', KEYS[i + 1], recorder, 'PX', lasts)
    reply[#reply + 1] = i - 1
  end
end
return reply
