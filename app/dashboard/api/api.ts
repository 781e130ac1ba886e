/** The typed client of Sluice (app/client) with the bearer of whoever is signed in, and how its answers are read. */

import { createSluiceClient } from '#client/index.ts'
import { authorizedFetch } from './authorized-fetch.ts'
import { Refusal } from './problem.ts'

export const api = createSluiceClient({ fetch: authorizedFetch })

interface Answer<Data> {
  readonly data?: Data
  readonly error?: unknown
  readonly response: Response
}

/**
 * The body of an answer: `await answered(api.GET('/api/v1/me'))`.
 * @throws {Refusal} when the answer is no, or there is none.
 */
export async function answered<Data>(answer: Promise<Answer<Data>>): Promise<Data> {
  const { data, error, response } = await answer
  if (!response.ok)
    throw new Refusal(response.status, isObject(error) ? error : {}, response.headers.get('retry-after'))
  return data as Data
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null
