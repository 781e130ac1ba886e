-- Says that a replica lives, and what it does. Redis supplies the time, so that replicas cannot disagree.
-- KEYS[1] hash of replicas   ARGV[1] instance id   ARGV[2] JSON of its state   ARGV[3] ms after which a silent one is forgotten
-- Returns { now in ms, id, "<ms of its last beat> <JSON>", id, ... } of all replicas
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f %s', now, ARGV[2]))
local known = redis.call('HGETALL', KEYS[1])
local answer = { now }
for index = 1, #known, 2 do
  local beat = tonumber(string.match(known[index + 1], '^%d+'))
  if now - beat > tonumber(ARGV[3]) then
    redis.call('HDEL', KEYS[1], known[index])
  else
    answer[#answer + 1] = known[index]
    answer[#answer + 1] = known[index + 1]
  end
end
return answer
