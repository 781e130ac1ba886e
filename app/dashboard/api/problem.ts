/** A refusal as the dashboard throws it: the client's, for what the API said and for what never got there. */

import { type Problem, Refusal } from '#client/index.ts'

export { Refusal }

/** A refusal that is told here and not by the API. `status` 0: nothing answered. */
const own = (status: number, error: string, detail: string, errors: Problem['errors'] = []): Refusal =>
  new Refusal({ type: 'about:blank', title: detail, status, error, detail, errors, requestId: '' })

export const unreachable = (): Refusal =>
  own(0, 'unreachable', 'Sluice does not answer. Is it running, and are you online?')

/** What can be seen to be wrong before anything is sent, as the API would say it. */
export const invalid = (field: string, message: string): Refusal =>
  own(400, 'invalid_request', message, [{ path: field, message }])

/** What is wrong with single fields; names joined by dots: `name`, or `items.0.title`; beside the body with its part first, such as `query.limit`. */
export const fieldErrorsOf = (error: unknown): NonNullable<Problem['errors']> =>
  error instanceof Refusal ? (error.problem.errors ?? []) : []

/** The sentence for a person. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something went wrong.'
