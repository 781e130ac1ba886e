/** Which finished requests the live stream shows: failed, refused for a quota or slow ones first, and a few of the rest. */

import { type Finished, isNotable } from '#kernel/sampling.ts'

const notablePerBeat = 4
const ordinaryPerBeat = 1

/** `isShown` takes at most five for each `beat`, which is ten a second. */
export function notableRequests(slowMs: number) {
  let notable = 0
  let ordinary = 0
  return {
    beat: (): void => {
      notable = 0
      ordinary = 0
    },
    isShown: (request: Finished): boolean => {
      if (isNotable(request, slowMs) || request.status === 429) return ++notable <= notablePerBeat
      return ++ordinary <= ordinaryPerBeat
    },
  }
}
