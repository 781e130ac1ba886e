-- Grants the right to load and store one answer, to one replica at a time.
-- ARGV[1] key prefix   ARGV[2] token, never used before   ARGV[3] milliseconds a claim lasts
-- ARGV[4] milliseconds a version is kept   ARGV[5] key   ARGV[6...] its tags
-- Returns 'written' while a write of the key or a tag is under way, 'held' while another replica loads it,
-- or '=' and the versions of its tags, which the fill has to find unchanged.
local prefix = ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

for i = 5, #ARGV do
  local writers = prefix .. 'w:' .. ARGV[i]
  -- Writers that died are over when their time is, even while others keep the set alive.
  if redis.call('EXISTS', writers) == 1 and redis.call('ZCOUNT', writers, now, '+inf') > 0 then
    return 'written'
  end
end

if not redis.call('SET', prefix .. 'f:' .. ARGV[5], ARGV[2], 'NX', 'PX', ARGV[3]) then
  return 'held'
end

-- Every answer is stored with versions that exist: one that expires or is evicted voids it, never revives it.
local function versionOf(tag)
  local name = prefix .. 'v:' .. tag
  local version = redis.call('GETEX', name, 'PX', ARGV[4])
  if not version then
    redis.call('SET', name, ARGV[2], 'PX', ARGV[4])
  end
  return version or ARGV[2]
end

local versions = { versionOf('*') }
for i = 6, #ARGV do
  versions[#versions + 1] = versionOf(ARGV[i])
end
return '=' .. table.concat(versions, ',')
