-- Puts a dead letter back as `redrive` does, and tells clients that the job waits again.
-- KEYS, ARGV: as `redrive` says, then as `told` says   Reply: as `redrive`
-- include told
local function settle()
-- include add/redrive
end
local done, added = settle()
if done == 1 then
  pcall(function() add_event(write_status({ 'entry', added, 'stream', KEYS[2] })) end)
end
return done
