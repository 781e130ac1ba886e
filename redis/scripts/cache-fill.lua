-- Stores answers, each if nothing has made it void since its claim was granted.
-- ARGV[1] key prefix
-- ARGV[2...] for each answer: the token of its claim; the versions of its tags at the claim; milliseconds it is kept;
--            the answer with its header; the number of its names; its key; its tags
-- Returns for each 1 stored, 0 not: the claim is over, or an invalidation took it or changed a version.
local prefix = ARGV[1]

local known = {}
local function versionOf(tag)
  known[tag] = known[tag] or redis.call('GET', prefix .. 'v:' .. tag) or ''
  return known[tag]
end

local function fill(at, first, last)
  local claim = prefix .. 'f:' .. ARGV[first]
  if redis.call('GET', claim) ~= ARGV[at] then
    return 0
  end
  redis.call('DEL', claim)

  local versions = { versionOf('*') }
  for i = first + 1, last do
    versions[#versions + 1] = versionOf(ARGV[i])
  end
  if table.concat(versions, ',') ~= ARGV[at + 1] then
    return 0
  end

  redis.call('SET', prefix .. 'e:' .. ARGV[first], ARGV[at + 3], 'PX', ARGV[at + 2])
  return 1
end

local stored, at = {}, 2
while at < #ARGV do
  local last = at + 4 + tonumber(ARGV[at + 4])
  stored[#stored + 1] = fill(at, at + 5, last)
  at = last + 1
end
return stored
