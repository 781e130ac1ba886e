/** Whether anybody may be looking: a browser has few connections per site, and streams of hidden tabs would hold them all. */

import { useEffect, useState } from 'react'

/** Looking away for a moment changes nothing. */
const graceMs = 30_000

export function useIsLookedAt(): boolean {
  const [isLookedAt, setLookedAt] = useState(true)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const change = (): void => {
      clearTimeout(timer)
      if (document.visibilityState === 'visible') setLookedAt(true)
      else timer = setTimeout(() => setLookedAt(false), graceMs)
    }
    document.addEventListener('visibilitychange', change)
    return () => {
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', change)
    }
  }, [])
  return isLookedAt
}
