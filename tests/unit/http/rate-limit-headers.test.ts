import t from 'tap'
import { rateLimitHeaders } from '#http/rate-limit-headers.ts'
import { allowed, type Policy } from '#kernel/limiter/policy.ts'

const fieldsOf = (policy: Policy, remaining: number) => {
  const fields: Record<string, string> = {}
  rateLimitHeaders(
    { header: (name, value) => Object.assign(fields, { [name]: value }) },
    allowed(policy, remaining),
  )
  return fields
}

t.test('announces the policy and what is left of it as structured fields', async (t) => {
  const pro = { name: 'pro', capacity: 10_000, refillPerSecond: 10_000 / 60, windowSeconds: 60 }
  t.strictSame(fieldsOf(pro, 9_990), {
    'ratelimit-policy': '"pro";q=10000;w=60',
    ratelimit: '"pro";r=9990;t=1',
  })
  t.strictSame(fieldsOf(pro, 0).ratelimit, '"pro";r=0;t=60')
})

t.test('a name with a quote stays a string', async (t) => {
  const odd = { name: 'a"b\\c', capacity: 1, refillPerSecond: 1, windowSeconds: 1 }
  t.strictSame(fieldsOf(odd, 1).ratelimit, '"a\\"b\\\\c";r=1;t=0')
})
