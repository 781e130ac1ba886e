/** docs/promises.md: what was measured, and how each promise was seen to break. */

import type { Promised, Verdict } from './promise.ts'

export type Result = Verdict & Promised

/** A record of what was tried by hand on those days; no run writes or checks it. */
const brokenOnce = `## Each was seen to break

A record, written by hand: with its protection taken out, each was measured once on 2026-11-20 or 21, by the measurement as it was then.
No run of \`make prove\` does it again. (P10 was then a sign-out alone, asked at the replicas' own ports; P6 a frozen Redis beside reads; P2, P3 and P4 were without
the losses and freezes they have now.)

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

export interface Machine {
  readonly coresInAll: number
  /** Whether the load had cores of its own. */
  readonly isLoadApart: boolean
}

export function page(results: readonly Result[], { coresInAll, isLoadApart }: Machine): string {
  const rows = results.map(
    ({ id, promise, bound, measured, holds }) =>
      `| ${id} | ${promise} | ${bound} | ${measured} | ${holds ? 'holds' : '**broken**'} |`,
  )
  return `# Promises, measured

Written by \`make prove\` on ${new Date().toISOString().slice(0, 10)}, by clients of the gateway of stacks of its own (native engine, ${coresInAll} cores; ${isLoadApart ? 'the stack on one half, the load on the other' : "the stack and the load share them, but for P9's"}).
Times are those of the machine it ran on, seen by the client. Who fails, waits for what and is back is asked of the supervisor; in P10 the
revocations without Redis are written into Postgres by hand, so that no replica is told.

What is judged as a whole history, by \`scripts/prove/histories.ts\`, which has tests of its own: acknowledged writes and what was found of them (P1, P4), every request
that passed a limit (P2, P6), reads beside writes (P3), uses of a credential beside its revocation (P10). The others count answers that are wrong or late (P4 to P8), or
compare rates (P9).

| | promise | bound | measured | |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

${brokenOnce}`
}
