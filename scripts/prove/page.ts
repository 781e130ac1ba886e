/** docs/promises.md: what was measured, and how each promise was seen to break. */

import type { Promised, Verdict } from './promise.ts'

export type Result = Verdict & Promised

/** By the same measurements, with the protection taken out by hand. */
const brokenOnce = `## Each was seen to break

With its protection taken out, by the same measurement (2026-11-20 and 21):

| | taken out | measured |
| --- | --- | --- |
| P1 | \`synchronous_commit=off\`, the log written every 10 s | 4 acknowledged writes lost of 3265 |
| P2 | in Lua, the lease's tokens taken from the bucket | 1200 of 1200 passed, 889.6 above in the worst window |
| P3 | the mark before a write and the invalidation after it | 4476 of 4548 reads stale |
| P4 | \`proxy_next_upstream off\` | 11 of 2920 reads failed |
| P5 | SIGTERM ends the replica at once | 34 of 8050 requests failed |
| P6 | \`REDIS_TIMEOUT_MS=5000\` | longest 5013 ms |
| P7 | asking whether Postgres answers before a create voids its lists | 10 of 210 reads failed, one of the last 21 not marked |
| P8 | \`max_fails=1\`, nginx's default | 63 of 117 others failed beside twenty over-long headers |
| P9 | admission, and what the balancer holds back | of health 47.0 %, of admins 26.3 %, of enterprise 35.7 % answered at five times; goodput 94 % |
| P10 | the invalidation after a write | a signed-out token was still let in after 5 s, when the measurement gave up |

P2's lower bound was seen to break without taking anything out: in the minute after Redis was killed 113 to 125 of 300 passed, presumably because a
bucket then does not begin full (limits.md).
`

export function page(results: readonly Result[]): string {
  const rows = results.map(
    ({ id, promise, bound, measured, holds }) =>
      `| ${id} | ${promise} | ${bound} | ${measured} | ${holds ? 'holds' : '**broken**'} |`,
  )
  return `# Promises, measured

Written by \`make prove\` on ${new Date().toISOString().slice(0, 10)}, through the gateway of stacks of its own (native engine). Times are those of the
machine it ran on. What was acknowledged and seen is kept whole and judged by \`scripts/prove/histories.ts\`, which has tests of its own.

| | promise | bound | measured | |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

${brokenOnce}`
}
