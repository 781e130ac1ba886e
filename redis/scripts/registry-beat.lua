-- Says that a replica lives, and what it does. Redis supplies the time, so that replicas cannot disagree.
-- ARGV[1] key of the hash of replicas   ARGV[2] instance id   ARGV[3] JSON of its state   ARGV[4] ms after which a silent one is forgotten
-- Returns { now in ms, id, "<ms of its last beat> <JSON>", id, ... } of all replicas
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', ARGV[1], ARGV[2], string.format('%.0f %s', now, ARGV[3]))
local known = redis.call('HGETALL', ARGV[1])
local answer = { now }
for index = 1, #known, 2 do
  local beat = tonumber(string.match(known[index + 1], '^%d+'))
  if now - beat > tonumber(ARGV[4]) then
    redis.call('HDEL', ARGV[1], known[index])
  else
    answer[#answer + 1] = known[index]
    answer[#answer + 1] = known[index + 1]
  end
end
return answer
