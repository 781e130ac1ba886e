-- Gives a claim back, so that another replica need not wait for its end.
-- ARGV[1] key prefix   ARGV[2] token of the claim   ARGV[3] key
-- Returns 1 when it was still ours.
local claim = ARGV[1] .. 'f:' .. ARGV[3]
if redis.call('GET', claim) == ARGV[2] then
  return redis.call('DEL', claim)
end
return 0
