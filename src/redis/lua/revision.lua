-- Notes that something has changed, for those who look again and again. A revision never comes back, not even after the
-- key was lost.
local function changed(revision)
  redis.call('SET', revision, string.format('%.0f', now_ms() * 1000), 'NX')
  redis.call('INCR', revision)
end
