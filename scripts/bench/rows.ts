/** Every row of the benchmark, in the order of the report. */

import type { Row } from './row.ts'
import { goalRows } from './rows-goals.ts'
import { growthRows } from './rows-growth.ts'
import { peerRows } from './rows-peers.ts'

export const rows: readonly Row[] = [...goalRows, ...growthRows, ...peerRows]
