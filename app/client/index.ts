/**
 * A typed client for Sluice: paths, parameters, bodies and answers are checked by the compiler against the contract.
 * It is openapi-fetch with a credential; https://openapi-ts.dev/openapi-fetch/ tells how calls are written.
 */

import createClient, { type Client, type ClientOptions } from 'openapi-fetch'
import type { Problem, paths } from './schema.ts'

export type * from './schema.ts'

export interface SluiceOptions extends Omit<ClientOptions, 'baseUrl'> {
  /** Where the gateway is; in a browser that has its page from there, leave it out. */
  readonly baseUrl?: string
  /** The access token or API key of the moment; asked before each call, `undefined` sends none. */
  readonly token?: () => string | undefined
}

export type SluiceClient = Client<paths>

/**
 * ```ts
 * const sluice = createSluiceClient({ baseUrl: 'http://localhost:8080', token: () => 'dummy-token' })
 * const { data, error } = await sluice.GET('/api/v1/items/{id}', { params: { path: { id: 1 } } })
 * ```
 * Exactly one of `data` and `error` is there; `error` is a `Problem`. Only a network that fails throws.
 */
export function createSluiceClient({ token, ...options }: SluiceOptions = {}): SluiceClient {
  const client = createClient<paths>(options)
  client.use({
    onRequest({ request }) {
      const credential = token?.()
      if (credential !== undefined) request.headers.set('authorization', `Bearer ${credential}`)
      return request
    },
  })
  return client
}

/** A refusal, thrown: for callers such as query libraries that tell success from failure by throwing. */
export class Refusal extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(problem.detail)
    this.name = 'Refusal'
    this.problem = problem
  }

  get status(): number {
    return this.problem.status
  }

  /** The stable code, such as `rate_limited`. */
  get code(): string {
    return this.problem.error
  }
}

/** The data of an answer. @throws {Refusal} where there is a problem in its place. */
export async function dataOf<Data>(
  answer: Promise<{ data?: Data; error?: Problem; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await answer
  if (response.ok) return data as Data
  throw new Refusal(isProblem(error) ? error : unreadable(response))
}

const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && 'error' in error && 'requestId' in error

/** From something between here and Sluice that does not speak its language. */
const unreadable = ({ status, statusText, headers }: Response): Problem => ({
  type: 'about:blank',
  title: statusText,
  status,
  error: 'unreadable_answer',
  detail: `The answer ${status} holds no problem document.`,
  requestId: headers.get('x-request-id') ?? '',
})
