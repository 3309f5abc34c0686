-- Trims what no group needs any more and is older than the retention time, and removes consumers that are gone.
-- KEYS: stream   ARGV: group, own consumer, waiting consumer, keep entries for ms, consumer is gone after ms,
--       what the key of a consumer's settlements begins with (in the slot of the stream)
-- Reply: {entries trimmed, consumers removed}
-- include clock
-- include position
local stream, group, own, waiting = KEYS[1], ARGV[1], ARGV[2], ARGV[3]
local keep, gone_after = tonumber(ARGV[4]), tonumber(ARGV[5])

-- Fails when our group is gone: what no group is known to need would be trimmed although ours has not read it.
local consumers = redis.call('XINFO', 'CONSUMERS', stream, group)
local oldest = string.format('%.0f-0', math.max(0, now_ms() - keep))
local trimmed = redis.call('XTRIM', stream, 'MINID', '~', trimmable(stream, oldest))

local removed = 0
for _, flat in ipairs(consumers) do
  local info = fields_of(flat)
  local gone = info['pending'] == 0 and info['idle'] > gone_after
  if gone and info['name'] ~= own and info['name'] ~= waiting then
    redis.call('XGROUP', 'DELCONSUMER', stream, group, info['name'])
    redis.call('DEL', ARGV[6] .. info['name'])
    removed = removed + 1
  end
end
return { trimmed, removed }
