/** The shared cache and its bus inside one process: the second implementation of the contract, which unit tests run on. */

import type { CacheStore, Fill, StoredRead } from '#kernel/cache/cache.ts'
import {
  type Bus,
  type BusListener,
  EVERYTHING,
  type Invalidation,
  type Mark,
} from '#kernel/coherence/coherence.ts'

interface Entry extends Fill {
  readonly storedAt: number
  readonly guard: string
}

interface MemoryShared {
  store(): CacheStore
  /** One per replica. */
  bus(): Bus
}

/** What several replicas share; `now` in monotonic milliseconds. Messages arrive in one order, a microtask later. */
export function memoryShared(now: () => number, { markMs = 15_000, claimMs = 3_000 } = {}): MemoryShared {
  const entries = new Map<string, Entry>()
  const claims = new Map<string, { readonly token: string; readonly until: number }>()
  const versions = new Map<string, string>()
  /** What marks took out: the answers, and the versions of their tags before. */
  const aside = new Map<string, Entry>()
  const before = new Map<string, string>()
  const writers = new Map<string, Map<string, number>>()
  const listeners = new Map<string, BusListener>()
  let tokens = 0

  const guardOf = (tags: readonly string[]): string =>
    [EVERYTHING, ...tags].map((tag) => versions.get(tag) ?? '').join(',')
  const isWritten = (name: string): boolean =>
    [...(writers.get(name)?.values() ?? [])].some((until) => until > now())
  const deliver = (to: (id: string) => boolean, message: string): void =>
    queueMicrotask(() => {
      for (const [id, listener] of listeners) if (to(id)) listener.message(message)
    })

  const guardBefore = (tags: readonly string[]): string =>
    [EVERYTHING, ...tags].map((tag) => before.get(tag) ?? versions.get(tag) ?? '').join(',')
  const readable = (entry: Entry | undefined, guards: readonly string[]): StoredRead | undefined => {
    if (entry === undefined || !guards.includes(entry.guard)) return undefined
    const freshForMs = entry.storedAt + entry.ttlMs - now()
    if (freshForMs <= -entry.keepMs) return undefined
    return { value: entry.value, freshForMs, loadMs: entry.loadMs }
  }

  const store: CacheStore = {
    read: async (key, tags) => readable(entries.get(key), [guardOf(tags)]),
    async lastKnown(key, tags) {
      const guards = [guardOf(tags), guardBefore(tags)]
      return readable(entries.get(key), guards) ?? readable(aside.get(key), guards)
    },
    async readOrClaim(key, tags, freshForMs) {
      const stored = readable(entries.get(key), [guardOf(tags)])
      if (stored !== undefined && stored.freshForMs >= freshForMs) return stored
      if ([key, ...tags].some(isWritten)) return 'written'
      if ((claims.get(key)?.until ?? 0) > now()) return 'held'
      tokens += 1
      const token = String(tokens)
      claims.set(key, { token, until: now() + claimMs })
      return { token, guard: guardOf(tags) }
    },
    async fill(key, tags, { token, guard }, fill) {
      if (claims.get(key)?.token !== token) return false
      claims.delete(key)
      if (guardOf(tags) !== guard) return false
      entries.set(key, { ...fill, guard, storedAt: now() })
      return true
    },
    async abandon(key, { token }) {
      if (claims.get(key)?.token === token) claims.delete(key)
    },
  }

  const change = async (
    { version, message, marks }: Invalidation,
    each: (mark: Mark) => void,
  ): Promise<void> => {
    for (const mark of marks) {
      each(mark)
      entries.delete(mark.name)
      claims.delete(mark.name)
      versions.set(mark.name, version)
    }
    deliver(() => true, message)
  }
  const begin = ({ name, token }: Mark): void => {
    const entry = entries.get(name)
    if (entry !== undefined) aside.set(name, entry)
    if (!isWritten(name)) before.set(name, versions.get(name) ?? '')
    const tokens = writers.get(name) ?? new Map<string, number>()
    writers.set(name, tokens.set(token, now() + markMs))
  }
  const end = ({ name, token }: Mark): void => {
    aside.delete(name)
    before.delete(name)
    writers.get(name)?.delete(token)
  }

  return {
    store: () => store,
    bus() {
      let own = ''
      return {
        mark: (invalidation) => change(invalidation, begin),
        invalidate: (invalidation) => change(invalidation, end),
        // It lives as long as the replicas do.
        async adopt() {},
        publish: async (message) => deliver(() => true, message),
        send: async (to, message) => deliver((id) => id === to, message),
        async open(id, listener) {
          own = id
          listeners.set(id, listener)
        },
        close: async () => void listeners.delete(own),
      }
    },
  }
}
