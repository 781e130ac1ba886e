/** The promises of the design, in the order of measuring. */

import type { Promised } from './promise.ts'
import { acknowledgedWrites } from './promises/acknowledged-writes.ts'
import { exactLimit } from './promises/exact-limit.ts'
import { freshReads } from './promises/fresh-reads.ts'
import { overload } from './promises/overload.ts'
import { harmless } from './promises/poison.ts'
import { postgresGone } from './promises/postgres-gone.ts'
import { redisAway } from './promises/redis-away.ts'
import { replicaLost } from './promises/replica-lost.ts'
import { revoked } from './promises/revoked.ts'
import { rollingRestart } from './promises/rolling-restart.ts'

/**
 * Those that take Redis away come last: a bucket that is new or was lost starts with what has refilled since the loss,
 * so for a minute a client gets less than its capacity (docs/limits.md).
 */
export const promises: readonly Promised[] = [
  exactLimit,
  freshReads,
  replicaLost,
  rollingRestart,
  revoked,
  redisAway,
  acknowledgedWrites,
  harmless,
  postgresGone,
  overload,
]
