-- include clock
-- Tells in the results stream what became of a job. What is older than `keep` ms is trimmed off it.
local function add_result(results, keep, ...)
  local oldest = string.format('%.0f', math.max(0, now_ms() - keep))
  return redis.call('XADD', results, 'MINID', '~', oldest, '*', ...)
end
