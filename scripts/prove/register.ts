/** A number that only grows, written by one client and read beside it wherever it shows. */

import { setTimeout as delay } from 'node:timers/promises'
import type { Client } from './clients.ts'
import type { Read, Written } from './histories.ts'

/** Where the number is written. */
export interface Register {
  readonly client: Client
  readonly path: string
  readonly change: (value: number) => unknown
}

/** Where it shows. */
export interface View {
  readonly name: string
  readonly client: Client
  readonly path: string
  /** In an answer's body; undefined where it is not there yet. */
  readonly valueIn: (body: unknown) => number | undefined
}

export interface Watched {
  readonly writes: readonly Written[]
  readonly views: readonly { readonly name: string; readonly reads: readonly Read[] }[]
  readonly unacknowledged: () => number
  /** Resolves once `count` more writes have been acknowledged. */
  more(count: number): Promise<void>
  stop(): Promise<void>
}

export const numberIn = (text: string): number | undefined => {
  const found = /\d+$/.exec(text)
  return found === null ? undefined : Number(found[0])
}

/** @param pauseMs - between two writes, and between two reads of one view */
export function watchRegister(register: Register, views: readonly View[], pauseMs = 0): Watched {
  const { client, path, change } = register
  const writes: Written[] = []
  const seen = views.map(({ name }) => ({ name, reads: [] as Read[] }))
  let unacknowledged = 0
  let isOver = false

  const write = async (): Promise<void> => {
    for (let value = 1; !isOver; value++) {
      // Only if it is as it was: a change whose answer was lost must not come after a later one.
      const { headers } = await client.get(path)
      const ifMatch: Record<string, string> = headers.etag === undefined ? {} : { 'if-match': headers.etag }
      const { status } = await client.send('PATCH', path, change(value), ifMatch)
      if (status === 200) writes.push({ value, acknowledgedAtMs: performance.now() })
      else unacknowledged++
      if (pauseMs > 0 || status !== 200) await delay(Math.max(pauseMs, 5))
    }
  }
  const read = async (view: View, reads: Read[]): Promise<void> => {
    while (!isOver) {
      const askedAtMs = performance.now()
      const { status, body } = await view.client.get(view.path)
      const value = status === 200 ? view.valueIn(JSON.parse(body)) : undefined
      if (value !== undefined) reads.push({ askedAtMs, value })
      if (pauseMs > 0) await delay(pauseMs)
    }
  }
  const all = Promise.all([write(), ...views.map((view, index) => read(view, seen[index]?.reads ?? []))])

  return {
    writes,
    views: seen,
    unacknowledged: () => unacknowledged,
    async more(count) {
      const enough = writes.length + count
      const startedAt = performance.now()
      while (writes.length < enough) {
        if (performance.now() - startedAt > 60_000) throw new Error('writes did not go on within 60 s')
        await delay(5)
      }
    },
    async stop() {
      isOver = true
      await all
    },
  }
}
