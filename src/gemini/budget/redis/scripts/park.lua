-- Leaves a project alone for a while; never for a shorter one than somebody else has been told.
-- KEYS: calls, tokens, state   ARGV: four days, for how long (ms) or -1: until the next day
local pause = tonumber(ARGV[5])
local project = open_project(1)
local _, tomorrow = today()
local ends = pause < 0 and tomorrow or now + pause
note(project.state, 'parked', math.max(ends, number(project.state, 'parked')))
keep(project)
