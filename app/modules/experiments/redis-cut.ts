/** Cuts this replica off from Redis for a moment, as a broken network would: the connections close, and open again later. */

export interface Link {
  disconnect(): void
  connect(): Promise<void>
}

/** A second cut while one lasts makes it last longer. Returns how to cut. */
export function redisCut(links: readonly Link[]): (forMs: number) => void {
  let timer: NodeJS.Timeout | undefined
  return (forMs) => {
    if (timer === undefined) for (const link of links) link.disconnect()
    clearTimeout(timer)
    timer = setTimeout(() => {
      timer = undefined
      // It tries on by itself where Redis happens to be away.
      for (const link of links) link.connect().catch(() => {})
    }, forMs)
    timer.unref()
  }
}
