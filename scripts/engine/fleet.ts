/** The replicas as a deploy sees them: what each runs, and how one is replaced. The two engines differ in nothing else. */

import type { Canary } from './shares.ts'

export interface Fleet {
  /** In the order in which they are replaced. */
  readonly names: readonly string[]
  /** The code of a commit, or of the clone without one, made ready to run. @throws {EngineError} when there is no such commit */
  prepare(ref?: string): string
  /** What `name` starts with. */
  releaseOf(name: string): string
  /** Takes effect at the next start of `name`. */
  choose(name: string, release: string): void
  /** Drains `name`, ends it, starts what was chosen. @throws {EngineError} when that does not become ready */
  replace(name: string): Promise<void>
  /** The schema of `release`. @throws {EngineError} when a migration fails */
  migrate(release: string): Promise<void>
  /** The replica that tries new code, if one does. */
  canary(): Canary | undefined
  /** Gives the canary its share, without a lost request; equal shares without one. */
  balance(canary: Canary | undefined): Promise<void>
  /** As a person calls it. */
  describe(release: string): string
}

/** Under this name the fleet keeps what ran before the latest rollout. */
export const previous = 'previous'
