-- Makes names void for everybody in one step: removes what is stored under them, ends the loads under way, gives every
-- name a new version (which voids what carries it as a tag), marks it as being written, and tells the replicas.
-- ARGV[1] key prefix   ARGV[2] channel   ARGV[3] message   ARGV[4] version, never used before
-- ARGV[5] milliseconds a version is kept, longer than anything stored   ARGV[6] milliseconds a mark lasts
-- ARGV[7] name, ARGV[8] token of its write or '' for no mark, and so on in pairs
-- Returns how many subscribers were told.
local prefix, versionMs, markMs = ARGV[1], ARGV[5], tonumber(ARGV[6])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

for i = 7, #ARGV, 2 do
  local name, token = ARGV[i], ARGV[i + 1]
  redis.call('DEL', prefix .. 'e:' .. name, prefix .. 'f:' .. name)
  redis.call('SET', prefix .. 'v:' .. name, ARGV[4], 'PX', versionMs)
  if token ~= '' then
    -- One member per writer: the first to finish must not lift the mark of the others.
    redis.call('ZADD', prefix .. 'w:' .. name, now + markMs, token)
    redis.call('PEXPIRE', prefix .. 'w:' .. name, markMs)
  end
end

return redis.call('PUBLISH', ARGV[2], ARGV[3])
