-- Makes names void for everybody in one step: removes what is stored under them, ends the loads under way, gives every
-- tag a new version (which voids what carries it), begins or ends the marks of their writes, and tells the replicas.
-- ARGV[1] key prefix   ARGV[2] channel   ARGV[3] message   ARGV[4] version, never used before
-- ARGV[5] milliseconds a version is kept, longer than anything stored
-- ARGV[6] milliseconds a mark lasts; 0: the write is over, its marks end
-- ARGV[7] name, ARGV[8] token of its write or '' for no mark, and so on in pairs
-- Returns how many subscribers were told.
local prefix, versionMs, markMs = ARGV[1], ARGV[5], tonumber(ARGV[6])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

for i = 7, #ARGV, 2 do
  local name, token = ARGV[i], ARGV[i + 1]
  local writers = prefix .. 'w:' .. name
  redis.call('DEL', prefix .. 'e:' .. name, prefix .. 'f:' .. name)
  -- A version that is not there (never used as a tag, expired, evicted) already voids whatever would name it.
  redis.call('SET', prefix .. 'v:' .. name, ARGV[4], 'XX', 'PX', versionMs)
  if token ~= '' and markMs > 0 then
    -- One member per writer: the first to finish must not lift the mark of the others.
    redis.call('ZADD', writers, now + markMs, token)
    redis.call('PEXPIRE', writers, markMs)
  elseif token ~= '' then
    redis.call('ZREM', writers, token)
  end
end

return redis.call('PUBLISH', ARGV[2], ARGV[3])
