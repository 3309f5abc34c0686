-- Settles as `acknowledge` does, and tells clients of it in the same step.
-- KEYS, ARGV: as `acknowledge` says, then as `told` says   Reply: as `acknowledge`
-- include told
local function settle()
-- include settle/acknowledge
end
-- include telling
