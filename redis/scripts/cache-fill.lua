-- Stores an answer if nothing has made it void since its claim was granted.
-- ARGV[1] key prefix   ARGV[2] token of the claim   ARGV[3] versions of the tags at the claim
-- ARGV[4] milliseconds it is kept   ARGV[5] the answer with its header   ARGV[6] key   ARGV[7...] its tags
-- Returns 1 stored, 0 not: the claim is over, or an invalidation took it or changed a version.
local prefix = ARGV[1]
local claim = prefix .. 'f:' .. ARGV[6]
if redis.call('GET', claim) ~= ARGV[2] then
  return 0
end
redis.call('DEL', claim)

local versions = { redis.call('GET', prefix .. 'v:*') or '' }
for i = 7, #ARGV do
  versions[#versions + 1] = redis.call('GET', prefix .. 'v:' .. ARGV[i]) or ''
end
if table.concat(versions, ',') ~= ARGV[3] then
  return 0
end

redis.call('SET', prefix .. 'e:' .. ARGV[6], ARGV[5], 'PX', ARGV[4])
return 1
