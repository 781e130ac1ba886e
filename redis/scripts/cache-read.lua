-- Answers reads from what is stored. Where that is nothing of use it grants the right to load and store the answer, to
-- one replica at a time.
-- ARGV[1] key prefix   ARGV[2] milliseconds a claim lasts   ARGV[3] milliseconds a version is kept
-- ARGV[4...] for each read: a token, never used before, or '' for a read that claims nothing; the Unix time in ms until
--            which the stored answer has to be fresh to be of use; the number of its names; its key; its tags
-- Returns for each the stored answer (which begins with a digit), or '=' and the versions of its tags, which the fill has
-- to find unchanged, or 'written' while a write of the key or a tag is under way or none is possible, 'held' while
-- another replica loads it, or '' where there is nothing and nothing was claimed.
local prefix, claimMs, versionMs = ARGV[1], ARGV[2], ARGV[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local known = {}
local function versionOf(tag)
  if known[tag] == nil then
    known[tag] = redis.call('GET', prefix .. 'v:' .. tag) or ''
  end
  return known[tag]
end

local function versionsOf(first, last)
  if first > last then
    return versionOf('*')
  end
  local versions = { versionOf('*') }
  for i = first, last do
    versions[#versions + 1] = versionOf(ARGV[i])
  end
  return table.concat(versions, ',')
end

-- Every answer is stored with versions that exist: one that expires or is evicted voids it, never revives it.
local secured = {}
local function secure(tag, token)
  if secured[tag] then
    return
  end
  secured[tag] = true
  local name = prefix .. 'v:' .. tag
  known[tag] = redis.call('GETEX', name, 'PX', versionMs) or token
  if known[tag] == token then
    redis.call('SET', name, token, 'PX', versionMs)
  end
end

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

local function claim(token, first, last)
  if isWritten(first, last) then
    return 'written'
  end
  -- A server that takes no writes at the moment, full or read-only, can still be read.
  local granted = redis.pcall('SET', prefix .. 'f:' .. ARGV[first], token, 'NX', 'PX', claimMs)
  if not granted then
    return 'held'
  end
  if granted.err then
    return 'written'
  end
  secure('*', token)
  for i = first + 1, last do
    secure(ARGV[i], token)
  end
  return '=' .. versionsOf(first + 1, last)
end

local function read(token, freshUntil, first, last)
  local stored = redis.call('GET', prefix .. 'e:' .. ARGV[first])
  if stored then
    local versions, storedUntil = string.match(stored, '^1 (%S+) (%d+) ')
    if versions == versionsOf(first + 1, last) and tonumber(storedUntil) >= freshUntil then
      return stored
    end
  end
  return token == '' and '' or claim(token, first, last)
end

local answers, at = {}, 4
while at < #ARGV do
  local first = at + 3
  local last = at + 2 + tonumber(ARGV[at + 2])
  answers[#answers + 1] = read(ARGV[at], tonumber(ARGV[at + 1]), first, last)
  at = last + 1
end
return answers
