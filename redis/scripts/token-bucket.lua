-- A token bucket that hands parts of itself to replicas as leases, so that they seldom have to ask.
-- Amounts are integers: micro-tokens here, whole tokens on the wire. One token a second is one micro-token a
-- microsecond. Redis supplies the time, so replicas cannot disagree. tokens + leased <= capacity, always.
--
-- KEYS[1] hash: tokens, at (microseconds), and per holder lease:<holder> = "ticket amount expiresAt"
-- ARGV    1 holder   2 ticket of the lease this builds on, 0 for none   3 ticket of this call, growing per holder
--         4 spent of the lease   5 given back   6 wanted as lease   7 capacity   8 tokens a second   9 window ms
--         10 lease ms   11 ms since the holder lost Redis   12 ms since it found it again, -1 for never
--         13 tokens the holder would still give by itself   14.. triples: cost, count, 1 when held by the lease
-- Returns { lease known 0|1|-1 for a repeated call, leased, left, lease ms, ms until the least refused cost,
--         admitted of each triple ... }
local MICRO = 1000000
local key, mine = KEYS[1], 'lease:' .. ARGV[1]
local base, ticket = tonumber(ARGV[2]), tonumber(ARGV[3])
local spent, back, want = tonumber(ARGV[4]) * MICRO, tonumber(ARGV[5]) * MICRO, tonumber(ARGV[6])
local capacity, rate, leaseMs = tonumber(ARGV[7]) * MICRO, tonumber(ARGV[8]), tonumber(ARGV[10])
local lostAgo, foundAgo, ownTokens = tonumber(ARGV[11]) * 1000, tonumber(ARGV[12]) * 1000, tonumber(ARGV[13])
local time = redis.call('TIME')
local now = tonumber(time[1]) * MICRO + tonumber(time[2])

local tokens, at, own, leased, others, ended, lastExpiry = nil, now, nil, 0, 0, {}, now
local stored = redis.call('HGETALL', key)
for i = 1, #stored, 2 do
  local field, value = stored[i], stored[i + 1]
  if field == 'tokens' then
    tokens = tonumber(value)
  elseif field == 'at' then
    at = math.min(tonumber(value), now)
  else
    local number, amount, expiry = value:match('^(%d+) (%d+) (%d+)$')
    local lease = { field = field, ticket = tonumber(number), amount = tonumber(amount), expiry = tonumber(expiry) }
    leased = leased + lease.amount
    if lease.expiry <= now then
      ended[#ended + 1] = lease
    elseif field == mine then
      own = lease
    else
      others = others + lease.amount
      lastExpiry = math.max(lastExpiry, lease.expiry)
    end
  end
end
-- A connection that came back may send a call a second time. The first one counted.
if own and own.ticket >= ticket then return { -1, 0, 0, 0, 0 } end

-- Refilling stops where tokens + leased reach the capacity, so it goes from one lease's end to the next. What falls
-- into the time the holder was without Redis is left out: local buckets gave it.
local function refill(till)
  local passed = till - at
  if foundAgo >= 0 then
    passed = passed - math.max(0, math.min(till, now - foundAgo) - math.max(at, now - lostAgo))
  end
  tokens = math.max(tokens, math.min(capacity - leased, tokens + math.floor(passed * rate)))
  at = math.max(at, till)
end
if not tokens then
  tokens = capacity
  if foundAgo >= 0 then tokens = math.min(capacity, math.floor(ownTokens * MICRO + foundAgo * rate)) end
end
table.sort(ended, function(a, b) return a.expiry < b.expiry end)
for _, lease in ipairs(ended) do
  refill(lease.expiry)
  leased = leased - lease.amount
  redis.call('HDEL', key, lease.field)
end
refill(now)
tokens = math.max(0, math.min(tokens, capacity - leased)) -- the capacity may have been lowered

local known, amount = 0, 0
if own and own.ticket == base then
  known = 1
  amount = math.max(0, own.amount - spent)
  back = math.min(back, amount)
  amount = amount - back
  tokens = tokens + back
end

local answer, refused = { known, 0, 0, leaseMs, 0 }, nil
for i = 14, #ARGV, 3 do
  local cost, count = tonumber(ARGV[i]) * MICRO, tonumber(ARGV[i + 1])
  local admitted = math.min(count, math.floor(tokens / cost))
  tokens = tokens - admitted * cost
  if ARGV[i + 2] == '1' then amount = amount + admitted * cost end
  if admitted < count and (not refused or cost < refused) then refused = cost end
  answer[#answer + 1] = admitted
end
if refused then
  local wait = (refused - tokens) / rate
  if refused + others > capacity then wait = math.max(wait, lastExpiry - now) end
  answer[5] = math.max(1, math.ceil(wait / 1000))
else
  -- A quarter: near the limit leases shrink to nothing, and no replica sits on what the others could give.
  answer[2] = math.min(want, math.floor(tokens / 4 / MICRO))
  tokens = tokens - answer[2] * MICRO
  amount = amount + answer[2] * MICRO
end
answer[3] = math.floor(tokens / MICRO)

local integer = '%.0f'
if amount > 0 then
  redis.call('HSET', key, mine, integer:format(ticket) .. ' ' .. integer:format(amount) .. ' ' .. integer:format(now + leaseMs * 1000))
else
  redis.call('HDEL', key, mine)
end
redis.call('HSET', key, 'tokens', integer:format(tokens), 'at', integer:format(at))
-- A bucket that is full again need not exist.
redis.call('PEXPIRE', key, integer:format(math.ceil((capacity - tokens) / rate / 1000) + leaseMs + 1000))
return answer
