-- Says that a replica lives, and what it does. Redis supplies the time, so that replicas cannot disagree.
-- ARGV[1] key of the hash of replicas   ARGV[2] instance id   ARGV[3] JSON of its state   ARGV[4] ms after which a silent one is forgotten, as is
-- what no replica has written
-- ARGV[5] key of the hash of wishes, each "<Unix ms at which it is over> <value>"
-- Returns { now in ms, { id, "<ms of its last beat> <JSON>", id, ... } of all replicas, { wish, ms left, value, ... } of those not over }
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', ARGV[1], ARGV[2], string.format('%.0f %s', now, ARGV[3]))

local known = redis.call('HGETALL', ARGV[1])
local replicas = {}
for index = 1, #known, 2 do
  local beat = tonumber(string.match(known[index + 1], '^%d+'))
  if beat == nil or math.abs(now - beat) > tonumber(ARGV[4]) then
    redis.call('HDEL', ARGV[1], known[index])
  else
    replicas[#replicas + 1] = known[index]
    replicas[#replicas + 1] = known[index + 1]
  end
end

local wished = redis.call('HGETALL', ARGV[5])
local wishes = {}
for index = 1, #wished, 2 do
  local over, value = string.match(wished[index + 1], '^(%d+) (.*)$')
  if over == nil or tonumber(over) <= now then
    redis.call('HDEL', ARGV[5], wished[index])
  else
    wishes[#wishes + 1] = wished[index]
    wishes[#wishes + 1] = tonumber(over) - now
    wishes[#wishes + 1] = value
  end
end
return { now, replicas, wishes }
