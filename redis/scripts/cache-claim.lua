-- Grants the right to load and store one answer, to one replica at a time.
-- ARGV[1] key prefix   ARGV[2] token   ARGV[3] milliseconds a claim lasts   ARGV[4] key   ARGV[5...] its tags
-- Returns 'written' while a write of the key or a tag is under way, 'held' while another replica loads it,
-- or '=' and the versions of its tags, which the fill has to find unchanged.
local prefix = ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

for i = 4, #ARGV do
  local writers = prefix .. 'w:' .. ARGV[i]
  -- Writers that died are over when their time is, even while others keep the set alive.
  if redis.call('EXISTS', writers) == 1 and redis.call('ZCOUNT', writers, now, '+inf') > 0 then
    return 'written'
  end
end

if not redis.call('SET', prefix .. 'f:' .. ARGV[4], ARGV[2], 'NX', 'PX', ARGV[3]) then
  return 'held'
end

local versions = { redis.call('GET', prefix .. 'v:*') or '' }
for i = 5, #ARGV do
  versions[#versions + 1] = redis.call('GET', prefix .. 'v:' .. ARGV[i]) or ''
end
return '=' .. table.concat(versions, ',')
