/** When keys were last used, written in batches: a key in use costs one row a few times a minute, not one a request. */

import { setTimeout as after } from 'node:timers'
import type { Database } from '#kernel/database.ts'
import { apiKeysStore as store } from './api-keys.store.ts'

export interface LastUsed {
  note(id: number): void
  /** Writes what was noted. Never rejects: a lost note costs a minute of accuracy. */
  flush(): Promise<void>
}

export function lastUsed({ autocommit }: Pick<Database, 'autocommit'>, everyMs = 5_000): LastUsed {
  let noted = new Set<number>()
  let timer: NodeJS.Timeout | undefined

  const flush = async (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    const ids = [...noted].sort((a, b) => a - b)
    noted = new Set()
    if (ids.length > 0) await store.touch(autocommit, ids).catch(() => {})
  }
  return {
    note(id) {
      noted.add(id)
      timer ??= after(flush, everyMs).unref()
    },
    flush,
  }
}
