/** The typed client of Sluice (app/client) with the bearer of whoever is signed in, and how its answers are read. */

import { createSluiceClient } from '#client/index.ts'
import { authorizedFetch } from './authorized-fetch.ts'

export const api = createSluiceClient({ fetch: authorizedFetch })

/** The body of an answer, or a thrown `Refusal`: `await answered(api.GET('/api/v1/me'))`. */
export { dataOf as answered } from '#client/index.ts'
