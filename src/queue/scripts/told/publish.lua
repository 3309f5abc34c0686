-- Settles as `publish` does, and tells clients of it in the same step.
-- KEYS, ARGV: as `publish` says, then as `told` says   Reply: as `publish`
-- include told
local function settle()
-- include settle/publish
end
-- include telling
