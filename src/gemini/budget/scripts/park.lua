-- Leaves a project alone for a while; never for a shorter one than somebody else has been told.
-- KEYS: calls, tokens, state   ARGV: four days, for how long (ms) or -1: until the next day, what Google said
local pause = tonumber(ARGV[5])
local project = open_project(1)
local _, tomorrow = today()
local ends = pause < 0 and tomorrow or now + pause
if ends >= number(project.state, 'parked') then
  note(project.state, 'parked', ends)
  redis.call('HSET', project.state, 'said', ARGV[6])
end
keep(project)
