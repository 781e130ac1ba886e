/** How the balancer deals requests out: equally, or a part of them to a canary. Kept in a file, so that it outlives the balancer. */

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Layout } from './layout.ts'

export interface Canary {
  /** The replica that has the new code. */
  readonly name: string
  readonly release: string
  /** What it ran before, as the others still do. */
  readonly former: string
  /** Of 100 requests, how many it gets. */
  readonly weight: number
}

/**
 * nginx's parameters for each place of the pool, by the name of the replica that has it.
 * 100 leaves the others as a reserve, asked only when the canary cannot be reached; 0 leaves it out.
 */
export function sharesOf(
  places: readonly string[],
  canary?: Pick<Canary, 'name' | 'weight'>,
): readonly string[] {
  const own = places.filter((name) => name === canary?.name).length
  return places.map((name) => {
    if (canary === undefined || own === 0) return 'weight=1'
    const isCanary = name === canary.name
    if (canary.weight === 0) return isCanary ? 'down' : 'weight=1'
    if (canary.weight === 100) return isCanary ? 'weight=1' : 'backup'
    return `weight=${isCanary ? canary.weight * (places.length - own) : (100 - canary.weight) * own}`
  })
}

/**
 * With equal shares the replica with the fewest open requests is next. It would be a canary far too often that has
 * little to do, so beside one nginx's weighted round robin decides, which keeps to the weights exactly.
 */
export const methodFor = (canary: unknown): string => (canary === undefined ? 'least_conn;' : '')

const fileOf = (layout: Layout): string => join(layout.state, 'releases', 'canary.json')

export const canaryOf = (layout: Layout): Canary | undefined =>
  existsSync(fileOf(layout)) ? JSON.parse(readFileSync(fileOf(layout), 'utf8')) : undefined

export function rememberCanary(layout: Layout, canary: Canary | undefined): void {
  const file = fileOf(layout)
  if (canary === undefined) {
    rmSync(file, { force: true })
    return
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(`${file}.next`, JSON.stringify(canary))
  renameSync(`${file}.next`, file)
}
