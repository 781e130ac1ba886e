-- Grants the right to load and store answers, each to one replica at a time.
-- ARGV[1] key prefix   ARGV[2] milliseconds a claim lasts   ARGV[3] milliseconds a version is kept
-- ARGV[4...] for each answer: a token, never used before; the number of its names; its key; its tags
-- Returns for each 'written' while a write of the key or a tag is under way, 'held' while another replica loads it,
-- or '=' and the versions of its tags, which the fill has to find unchanged.
local prefix, claimMs, versionMs = ARGV[1], ARGV[2], ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function isWritten(first, last)
  for i = first, last do
    local writers = prefix .. 'w:' .. ARGV[i]
    -- Writers that died are over when their time is, even while others keep the set alive.
    if redis.call('EXISTS', writers) == 1 and redis.call('ZCOUNT', writers, now, '+inf') > 0 then
      return true
    end
  end
  return false
end

-- Every answer is stored with versions that exist: one that expires or is evicted voids it, never revives it.
local known = {}
local function versionOf(tag, token)
  if not known[tag] then
    local name = prefix .. 'v:' .. tag
    known[tag] = redis.call('GETEX', name, 'PX', versionMs) or token
    if known[tag] == token then
      redis.call('SET', name, token, 'PX', versionMs)
    end
  end
  return known[tag]
end

local function claim(token, first, last)
  if isWritten(first, last) then
    return 'written'
  end
  if not redis.call('SET', prefix .. 'f:' .. ARGV[first], token, 'NX', 'PX', claimMs) then
    return 'held'
  end
  local versions = { versionOf('*', token) }
  for i = first + 1, last do
    versions[#versions + 1] = versionOf(ARGV[i], token)
  end
  return '=' .. table.concat(versions, ',')
end

local granted, at = {}, 4
while at < #ARGV do
  local last = at + 1 + tonumber(ARGV[at + 1])
  granted[#granted + 1] = claim(ARGV[at], at + 2, last)
  at = last + 1
end
return granted
