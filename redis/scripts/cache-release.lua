-- Ends the marks of writes that are over.
-- ARGV[1] key prefix   ARGV[2] name, ARGV[3] token of its write, and so on in pairs
-- Returns how many marks ended.
local ended = 0
for i = 2, #ARGV, 2 do
  ended = ended + redis.call('ZREM', ARGV[1] .. 'w:' .. ARGV[i], ARGV[i + 1])
end
return ended
