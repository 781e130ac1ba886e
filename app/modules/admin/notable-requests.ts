/** Which finished requests the live stream shows: failed, refused for a quota or slow ones first, and a few of the rest. */

export interface Finished {
  readonly status: number
  readonly durationMs: number
}

const slowMs = 250
const notablePerBeat = 4
const ordinaryPerBeat = 1

/** `isShown` takes at most five for each `beat`, which is ten a second. */
export function notableRequests() {
  let notable = 0
  let ordinary = 0
  return {
    beat: (): void => {
      notable = 0
      ordinary = 0
    },
    isShown: ({ status, durationMs }: Finished): boolean => {
      if (status >= 500 || status === 429 || durationMs >= slowMs) return ++notable <= notablePerBeat
      return ++ordinary <= ordinaryPerBeat
    },
  }
}
