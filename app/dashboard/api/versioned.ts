/** One thing together with the ETag it was read with, so that a change is refused when somebody else changed it meanwhile. */

import { answered } from './api.ts'
import { Refusal } from './problem.ts'

export interface Versioned<Data> {
  readonly data: Data
  readonly etag: string
}

type Answer<Data> = Awaited<Parameters<typeof answered<Data>>[0]>

/** @throws {Refusal} as `answered` does */
export async function versioned<Data>(answer: Promise<Answer<Data>>): Promise<Versioned<Data>> {
  const settled = await answer
  return {
    data: await answered(Promise.resolve(settled)),
    etag: settled.response.headers.get('etag') ?? '',
  }
}

/** The header of a change that must not overwrite what it has not seen. */
export const ifMatch = (etag: string): { readonly 'If-Match'?: string } =>
  etag === '' ? {} : { 'If-Match': etag }

/** 412 in a person's words. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Refusal) || error.status !== 412) return error
  return new Refusal({
    ...error.problem,
    detail: 'Somebody changed this since you opened it. Close it and open it again to see their version.',
  })
}
