import type { SystemPicture } from '#client/index.ts'
import { useLive } from '#dashboard/live/live.ts'

/** Resolves with the milliseconds it took until a picture is as wanted; undefined when it did not become so in time. */
export function untilPicture(
  isWanted: (picture: SystemPicture) => boolean,
  withinMs = 30_000,
): Promise<number | undefined> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const end = (took: number | undefined): void => {
      clearTimeout(timer)
      unsubscribe()
      resolve(took)
    }
    const timer = setTimeout(() => end(undefined), withinMs)
    const unsubscribe = useLive.subscribe(({ picture }) => {
      if (picture && isWanted(picture)) end(performance.now() - startedAt)
    })
  })
}
