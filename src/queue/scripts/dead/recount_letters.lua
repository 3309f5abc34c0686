-- Counts dead letters by code anew, a page at a time, and takes the new count over once it is of all of them.
-- KEYS: dead-letter stream, dead letters by code   ARGV: behind which id, size of the page, {code, number}... counted so far
-- Reply: {1 taken over | 0 letters went meanwhile: begin again | 2 there is more, the last one of the page, {code, number...}}
-- include dead_codes
local dlq, codes, from, left = KEYS[1], KEYS[2], '(' .. ARGV[1], tonumber(ARGV[2])
local AT_ONCE = 10
local counted, known, sum = {}, 0, 0

local function count(code, by)
  if code ~= OTHER_CODES and not counted[code] then
    if known < MOST_CODES then known = known + 1 else code = OTHER_CODES end
  end
  counted[code] = (counted[code] or 0) + by
  sum = sum + by
end

for i = 3, #ARGV, 2 do count(ARGV[i], tonumber(ARGV[i + 1])) end
local page
repeat
  page = redis.call('XRANGE', dlq, from, '+', 'COUNT', AT_ONCE)
  for _, entry in ipairs(page) do count(code_of(entry[2]), 1) end
  if #page > 0 then from = '(' .. page[#page][1] end
  left = left - AT_ONCE
until #page < AT_ONCE or left <= 0

local flat = {}
for code, number in pairs(counted) do
  flat[#flat + 1] = code
  flat[#flat + 1] = number
end
if #page == AT_ONCE then return { 2, string.sub(from, 2), flat } end
if sum ~= redis.call('XLEN', dlq) then return { 0 } end
redis.call('DEL', codes)
if #flat > 0 then redis.call('HSET', codes, unpack(flat)) end
return { 1 }
