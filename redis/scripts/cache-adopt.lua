-- Makes sure that what is stored belongs to this run of the server: one that came back from a snapshot, or a replica
-- that took over, may hold answers whose invalidation it never saw. Those are made void by a new version of everything.
-- ARGV[1] key prefix   ARGV[2] version, never used before   ARGV[3] milliseconds a version is kept
-- Returns 1 when everything was made void.
local runId = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
if redis.call('GET', ARGV[1] .. 'run') == runId then
  return 0
end
redis.call('SET', ARGV[1] .. 'run', runId)
redis.call('SET', ARGV[1] .. 'v:*', ARGV[2], 'PX', ARGV[3])
return 1
