/** Time as the kernel takes it: from outside, so that a test can hold it in its hand. */

/** Runs something later; the function it returns calls that off. */
export type After = (delayMs: number, run: () => void) => () => void
