/** P10: what was revoked is tried at every replica until it is refused, with everything up and with parts of it away. */

import { inCases } from '#scripts/prove/cases.ts'
import { judged, outlivedBy } from '#scripts/prove/outlived.ts'
import { type Measuring, type Promised, usual } from '#scripts/prove/promise.ts'
import { revocations } from '#scripts/prove/revocations.ts'
import { withoutBoth, withoutPostgres } from './revoked-outages.ts'
import { withCutReplica, withoutRedis } from './revoked-without-redis.ts'

// With the machine as busy as CI's may be, a second is not what was waited for but what was not given.
const within = ({ isShort }: Measuring): number => (isShort ? 4_000 : 1_000)

export const revoked: Promised = {
  id: 'P10',
  promise: 'what was revoked stops working on every replica, also while Redis or Postgres is away',
  bound:
    'within 1000 ms, within 500 ms where Postgres is asked; without Postgres signed tokens go on, an unknown key gets 503; without both cached reads only',
  boundInShort: 'within 4000 ms',
  on: usual,
  measure: inCases([
    {
      name: 'outlived by',
      measure: async (stack, how) =>
        judged(await outlivedBy(stack, revocations, how.isShort ? 1 : 3), within(how)),
    },
    { name: 'without Postgres', isLong: true, measure: withoutPostgres },
    { name: 'a replica cut from Redis', isLong: true, measure: withCutReplica },
    { name: 'without Redis', isLong: true, measure: withoutRedis },
    { name: 'without both', isLong: true, measure: withoutBoth },
  ]),
}
