-- Makes names void for everybody in one step: removes what is stored under them, ends the loads under way, gives every
-- tag a new version (which voids what carries it), begins or ends the marks of their writes, and tells the replicas.
-- What a mark takes out is put aside: nobody knows yet whether the write happens, and the database may be gone.
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
  local entry, aside = prefix .. 'e:' .. name, prefix .. 'a:' .. name
  local version, before = prefix .. 'v:' .. name, prefix .. 'b:' .. name
  local isMark = token ~= '' and markMs > 0

  redis.call('DEL', prefix .. 'f:' .. name)
  if not isMark then
    redis.call('DEL', entry, aside, before)
  else
    if redis.call('EXISTS', entry) == 1 then
      redis.call('RENAME', entry, aside)
    end
    -- Those of writers that died are over when their time is, though others have kept the set alive.
    redis.call('ZREMRANGEBYSCORE', writers, '-inf', now)
    -- Nothing is stored while marks stand, so what the first of them found is what there is.
    local known = redis.call('EXISTS', writers) == 0 and redis.call('GET', version)
    if known then
      redis.call('SET', before, known, 'PX', versionMs)
    end
  end
  -- A version that is not there (never used as a tag, expired, evicted) already voids whatever would name it.
  redis.call('SET', version, ARGV[4], 'XX', 'PX', versionMs)
  if isMark then
    -- One member per writer: the first to finish must not lift the mark of the others.
    redis.call('ZADD', writers, now + markMs, token)
    redis.call('PEXPIRE', writers, markMs)
  elseif token ~= '' then
    redis.call('ZREM', writers, token)
  end
end

return redis.call('PUBLISH', ARGV[2], ARGV[3])
