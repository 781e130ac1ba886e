/** Judges what clients saw. A history is what was asked and answered, with the times of both; nothing is sampled. */

/** An acknowledged write of a register that only grows. */
export interface Written {
  readonly value: number
  readonly acknowledgedAtMs: number
}

export interface Read {
  readonly askedAtMs: number
  readonly value: number
}

/** Reads that began after a newer value was acknowledged and saw an older one. */
export function staleReads(writes: readonly Written[], reads: readonly Read[]): Read[] {
  return reads.filter(({ askedAtMs, value }) =>
    writes.some((write) => write.acknowledgedAtMs < askedAtMs && write.value > value),
  )
}

/** The longest time after which a read, counted from its asking, still saw what an acknowledged write had replaced; 0 when none did. */
export function longestStaleMs(writes: readonly Written[], reads: readonly Read[]): number {
  const lasted = reads.map(({ askedAtMs, value }) => {
    const replacedAtMs = Math.min(
      ...writes.filter((write) => write.value > value).map(({ acknowledgedAtMs }) => acknowledgedAtMs),
    )
    return askedAtMs - replacedAtMs
  })
  return Math.max(0, ...lasted)
}

/** One use of a credential, at the replica that answered it. */
export interface Use {
  readonly askedAtMs: number
  readonly replica: string
  readonly isLetIn: boolean
}

/**
 * How long after `revokedAtMs` any of `replicas` still let it in; for ever, when one of them was not seen to refuse it
 * after it had last let it in.
 */
export function outlivedMs(uses: readonly Use[], replicas: readonly string[], revokedAtMs: number): number {
  const after = uses.filter(({ askedAtMs }) => askedAtMs >= revokedAtMs)
  const lasted = replicas.map((replica) => {
    const here = after.filter((use) => use.replica === replica).sort((a, b) => a.askedAtMs - b.askedAtMs)
    if (here.at(-1)?.isLetIn !== false) return Number.POSITIVE_INFINITY
    const last = here.findLast(({ isLetIn }) => isLetIn)
    return last === undefined ? 0 : last.askedAtMs - revokedAtMs
  })
  return Math.max(...lasted)
}

export interface Passed {
  readonly askedAtMs: number
  readonly answeredAtMs: number
}

/**
 * How many requests passed above `capacity + refillPerMs * t`, in the worst window of all. The server saw each somewhere
 * between its asking and its answer, so a window is from an answer back to an asking, the longest it may have been.
 */
export function worstExcess(
  passed: readonly Passed[],
  { capacity, refillPerMs }: { readonly capacity: number; readonly refillPerMs: number },
): number {
  const byAsking = [...passed].sort((a, b) => a.askedAtMs - b.askedAtMs)
  let worst = Number.NEGATIVE_INFINITY
  for (let from = 0; from < byAsking.length; from++) {
    const start = byAsking[from]?.askedAtMs ?? 0
    const ends = byAsking
      .slice(from)
      .map(({ answeredAtMs }) => answeredAtMs)
      .sort((a, b) => a - b)
    ends.forEach((end, index) => {
      worst = Math.max(worst, index + 1 - capacity - refillPerMs * (end - start))
    })
  }
  return worst
}

/** What was acknowledged and is not there, and what is there more than once. */
export function lostAndDoubled(
  acknowledged: readonly string[],
  found: readonly string[],
): { readonly lost: string[]; readonly doubled: string[] } {
  const counts = new Map<string, number>()
  for (const name of found) counts.set(name, (counts.get(name) ?? 0) + 1)
  return {
    lost: acknowledged.filter((name) => !counts.has(name)),
    doubled: [...counts].filter(([, count]) => count > 1).map(([name]) => name),
  }
}
