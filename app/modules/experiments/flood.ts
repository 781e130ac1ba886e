/** Fills the queue of admission with work that does nothing, of the lowest priority: what is shed first, and is in nobody's way. */

import type { Admission } from '#kernel/admission/admission.ts'

const lowest = 0

export interface Flood {
  readonly requests: number
  readonly holdMs: number
}

/** Resolves when all of it ran or was refused. */
export async function flood(admission: Admission, { requests, holdMs }: Flood): Promise<void> {
  const one = (): Promise<void> =>
    new Promise((resolve) => {
      const hold = (): void => {
        setTimeout(() => {
          admission.leave(holdMs)
          resolve()
        }, holdMs)
      }
      if (admission.enter(lowest)) return hold()
      const giveUp = admission.wait(lowest, (isAdmitted) => (isAdmitted ? hold() : resolve()))
      if (giveUp === undefined) resolve()
    })
  await Promise.all(Array.from({ length: requests }, one))
}
