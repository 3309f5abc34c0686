-- An entry as the worker may read it: one that holds more than `most` bytes would kill every worker that it is sent to,
-- so of such a one only the id and the size are given.
local function bounded(entry, most)
  local size = 0
  for _, text in ipairs(entry[2]) do size = size + #text end
  if size > most then return { entry[1], size } end
  return entry
end
