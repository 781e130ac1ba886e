/** How long an answer counts as fresh, and when to refresh it before that ends. */

/** Keys written together must not expire together: spread them over the last tenth of the time to live. */
export const jittered = (ttlMs: number, random: () => number): number => ttlMs * (1 - 0.1 * random())

/** `isDueEarly` is practically never true further than this many load times ahead (e^-10), so it need not be asked. */
export const EARLY_LOADS = 10

/**
 * XFetch: refresh with a probability that grows as the expiry nears, sooner for what takes long to load, so that one
 * reader refreshes alone instead of all meeting the expiry together. Vattani, Chierichetti, Lowenstein, "Optimal
 * Probabilistic Cache Stampede Prevention", VLDB 2015, with beta = 1.
 */
export const isDueEarly = (freshForMs: number, loadMs: number, random: () => number): boolean =>
  loadMs * -Math.log(random()) >= freshForMs
