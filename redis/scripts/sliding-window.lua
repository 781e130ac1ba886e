-- A sliding-window counter: the window before counts by the share of it that the sliding window still covers
-- (Cloudflare, "How we built rate limiting capable of scaling to millions of domains", 2017).
-- Leases count as used when they are granted and end with the window they were granted in, so counting stays safe.
-- Amounts are whole tokens. Redis supplies the time, so replicas cannot disagree.
--
-- KEYS[1] hash: window (number), current, previous, at (microseconds), lease:<holder> = "ticket amount expiresAt"
-- ARGV and result: as in token-bucket.lua
local key, mine = KEYS[1], 'lease:' .. ARGV[1]
local base, ticket = tonumber(ARGV[2]), tonumber(ARGV[3])
local spent, back, want = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local capacity, rate, length = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]) * 1000
local leaseMs, lostAgo, foundAgo = tonumber(ARGV[10]), tonumber(ARGV[11]) * 1000, tonumber(ARGV[12]) * 1000
local ownTokens = tonumber(ARGV[13])
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
local window = math.floor(now / length)
local passed = now - window * length

local bucket = redis.call('HMGET', key, 'window', 'current', 'previous', 'at', mine)
local then_, current, previous = tonumber(bucket[1]), tonumber(bucket[2]) or 0, tonumber(bucket[3]) or 0
local at = tonumber(bucket[4])
local own
if bucket[5] then
  local number, amount, expiry = bucket[5]:match('^(%d+) (%d+) (%d+)$')
  if tonumber(expiry) > now then own = { ticket = tonumber(number), amount = tonumber(amount) } end
end
if own and own.ticket >= ticket then return { -1, 0, 0, 0, 0 } end

-- While the holder was without Redis nothing was counted here: what was used when it was lost stays used.
local used = 0
if foundAgo >= 0 and (not at or at < now - foundAgo) then
  used = capacity - ownTokens
  if then_ then
    local lost = math.max(at, now - lostAgo)
    local gone = math.floor(lost / length) - then_
    local share = 1 - (lost % length) / length
    if gone == 0 then used = math.ceil(previous * share + current) end
    if gone == 1 then used = math.ceil(current * share) end
    if gone > 1 then used = 0 end
  end
  used = math.max(0, math.ceil(used - foundAgo * rate / 1000000))
end
if then_ and then_ < window then
  previous = then_ == window - 1 and current or 0
  current = 0
end
current = math.max(current, math.min(capacity, used))

local known, amount = 0, 0
if own and own.ticket == base then
  known = 1
  amount = math.max(0, own.amount - spent)
  back = math.min(back, amount)
  amount = amount - back
  current = math.max(0, current - back)
end

local function left() return math.max(0, math.floor(capacity - current - previous * (1 - passed / length))) end
leaseMs = math.min(leaseMs, math.floor((length - passed) / 1000))
local answer, refused = { known, 0, 0, leaseMs, 0 }, nil
for i = 14, #ARGV, 3 do
  local cost, count = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  local admitted = math.min(count, math.floor(left() / cost))
  current = current + admitted * cost
  if ARGV[i + 2] == '1' then amount = amount + admitted * cost end
  if admitted < count and (not refused or cost < refused) then refused = cost end
  answer[#answer + 1] = admitted
end
if refused then
  -- Either the window before fades far enough within this one, or this one has to fade within the next.
  local wait
  if refused <= capacity - current then
    wait = length * (1 - (capacity - current - refused) / previous) - passed
  else
    wait = length - passed + length * math.max(0, 1 - (capacity - refused) / current)
  end
  answer[5] = math.max(1, math.ceil(wait / 1000))
else
  answer[2] = math.min(want, math.floor(left() / 4))
  current = current + answer[2]
  amount = amount + answer[2]
end
answer[3] = left()

local integer = '%.0f'
if amount > 0 then
  redis.call('HSET', key, mine, integer:format(ticket) .. ' ' .. integer:format(amount) .. ' ' .. integer:format(now + leaseMs * 1000))
else
  redis.call('HDEL', key, mine)
end
redis.call('HSET', key, 'window', integer:format(window), 'current', integer:format(current), 'previous', integer:format(previous), 'at', integer:format(now))
redis.call('PEXPIRE', key, integer:format(2 * length / 1000 + leaseMs))
return answer
