/**
 * Remembers what a raw credential was found to mean, so that checking it again costs one look-up whatever the algorithm.
 * Bounded by two generations: a full young one becomes the old one, and only what is asked for again is carried over.
 */

import type { Principal } from './principal.ts'

interface Entry {
  readonly principal: Principal
  readonly checkedAt: number
}

export interface CredentialMap {
  /** The principal if it was checked at or after `notBefore` (monotonic milliseconds) and has not expired at `unixNow`. */
  get(credential: string, notBefore: number, unixNow: number): Principal | undefined
  /** The last answer whatever its age, for when nothing can be asked; never one that was forgotten or has expired. */
  last(credential: string, unixNow: number): Principal | undefined
  /** Taken before a check, given back to `set`: a revocation in between makes the answer worthless. */
  mark(): number
  set(credential: string, principal: Principal, checkedAt: number, mark: number): void
  /** Drops what a subject such as `user:7`, `session:12` or `api-key:3` stands behind. Any other name is nothing to it. */
  forget(name: string): void
  clear(): void
}

export function credentialMap(capacity: number): CredentialMap {
  let young = new Map<string, Entry>()
  let old = new Map<string, Entry>()
  let bySubject = new Map<string, Set<string>>()
  let oldBySubject = new Map<string, Set<string>>()
  let revocations = 0

  const put = (credential: string, entry: Entry): void => {
    if (young.size >= capacity / 2) {
      old = young
      oldBySubject = bySubject
      young = new Map()
      bySubject = new Map()
    }
    young.set(credential, entry)
    for (const subject of subjectsOf(entry.principal)) {
      const credentials = bySubject.get(subject)
      if (credentials) credentials.add(credential)
      else bySubject.set(subject, new Set([credential]))
    }
  }

  const find = (credential: string, unixNow: number): Entry | undefined => {
    const fresh = young.get(credential)
    const entry = fresh ?? old.get(credential)
    if (entry === undefined || entry.principal.expiresAt <= unixNow) return undefined
    if (!fresh) put(credential, entry)
    return entry
  }

  return {
    get(credential, notBefore, unixNow) {
      const entry = find(credential, unixNow)
      return entry !== undefined && entry.checkedAt >= notBefore ? entry.principal : undefined
    },
    last: (credential, unixNow) => find(credential, unixNow)?.principal,
    mark: () => revocations,
    set(credential, principal, checkedAt, mark) {
      if (mark === revocations) put(credential, { principal, checkedAt })
    },
    forget(name) {
      // Every name that is invalidated comes here: a write to items must not make the checks under way worthless.
      if (!isSubject(name)) return
      revocations++
      for (const credential of bySubject.get(name) ?? []) young.delete(credential)
      for (const credential of oldBySubject.get(name) ?? []) old.delete(credential)
      bySubject.delete(name)
      oldBySubject.delete(name)
    },
    clear() {
      revocations++
      young = new Map()
      old = new Map()
      bySubject = new Map()
      oldBySubject = new Map()
    },
  }
}

/** The names under which a principal can be revoked. */
export const subjectsOf = ({ kind, userId, credentialId, role }: Principal): string[] => [
  `user:${userId}`,
  `${kind}:${credentialId}`,
  `role:${role}`,
]

const subjects = ['user:', 'session:', 'api-key:', 'role:'] as const

const isSubject = (name: string): boolean => subjects.some((prefix) => name.startsWith(prefix))
