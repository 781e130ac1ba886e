/** A verdict as the fields `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers, RFC 9651 lists). */

import type { Policy, Verdict } from '#kernel/limiter/policy.ts'

interface PolicyText {
  readonly policy: string
  readonly name: string
}

const texts = new WeakMap<Policy, PolicyText>()

/** `"pro";q=10000;w=60`, made once per policy. */
const rateLimitPolicy = ({ policy }: Verdict): string => textOf(policy).policy

/** `"pro";r=9990;t=1`: what is left, and the seconds until all of it is back. */
const rateLimit = ({ policy, remaining, resetSeconds }: Verdict): string =>
  `${textOf(policy).name};r=${remaining};t=${resetSeconds}`

function textOf(policy: Policy): PolicyText {
  const known = texts.get(policy)
  if (known) return known
  const name = `"${policy.name.replace(/[\\"]/g, '\\$&')}"`
  const text = { name, policy: `${name};q=${policy.capacity};w=${policy.windowSeconds}` }
  texts.set(policy, text)
  return text
}

interface HeaderTarget {
  header(name: string, value: string): unknown
}

export function rateLimitHeaders(reply: HeaderTarget, verdict: Verdict): void {
  // In lower case already: Fastify would make a new string of each.
  reply.header('ratelimit-policy', rateLimitPolicy(verdict))
  reply.header('ratelimit', rateLimit(verdict))
}
