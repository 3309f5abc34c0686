-- Settles as `defer` does, and tells clients of it in the same step.
-- KEYS, ARGV: as `defer` says, then as `told` says   Reply: as `defer`
-- include told
local function settle()
-- include settle/defer
end
-- include telling
