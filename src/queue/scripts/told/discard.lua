-- Settles as `discard` does, and tells clients of it in the same step.
-- KEYS, ARGV: as `discard` says, then as `told` says   Reply: as `discard`
-- include told
local function settle()
-- include settle/discard
end
-- include telling
