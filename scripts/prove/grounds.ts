/** The stacks that promises are measured on, besides the usual one. */

import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import type { Ground } from './promise.ts'

// Accepts, and never says a word.
const silent = createServer(() => {}).listen(0, '127.0.0.1')
silent.unref()
await once(silent, 'listening')

/** What is cached is soon past its time; what is called outside hangs; replicas take poison. */
export const outage: Ground = {
  env: {
    CACHE_TTL: '2',
    EXTERNAL_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`,
    EXTERNAL_TIMEOUT_MS: '3000',
  },
  preload: join(import.meta.dirname, 'poison.ts'),
}

const unlimited = '1000000000'

/** No quota stands in the way of a load, so that admission has to. */
export const flood: Ground = {
  isApart: true,
  env: {
    RATE_LIMIT_ANONYMOUS: unlimited,
    RATE_LIMIT_FREE: unlimited,
    RATE_LIMIT_PRO: unlimited,
    RATE_LIMIT_ENTERPRISE: unlimited,
    EDGE_RATE_PER_SECOND: '1000000',
    EDGE_BURST: '1000000',
    EDGE_CONNECTIONS: '60000',
  },
}
