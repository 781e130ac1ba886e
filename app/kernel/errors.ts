/** What can go wrong, in the words of the rules. Only `http/error-reply.ts` knows which status each code becomes. */

export type ErrorCode =
  | 'bad_request'
  | 'validation_failed'
  | 'malformed_json'
  | 'bad_cursor'
  | 'unauthorized'
  | 'invalid_token'
  | 'invalid_credentials'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'conflict'
  | 'already_exists'
  | 'idempotency_in_flight'
  | 'idempotency_mismatch'
  | 'last_admin'
  | 'precondition_failed'
  | 'payload_too_large'
  | 'uri_too_long'
  | 'unsupported_media_type'
  | 'headers_too_large'
  | 'rate_limited'
  | 'too_many_connections'
  | 'overloaded'
  | 'draining'
  | 'dependency_unavailable'
  | 'deadline_exceeded'
  | 'internal'

/** One member of the request that was refused: its names joined by dots, as in `items.0.title`, and what is wrong with it. */
export interface FieldError {
  readonly path: string
  readonly message: string
}

export interface ErrorDetails {
  /** Shown to the client: never a name, an address or a text from inside. */
  readonly detail?: string
  readonly fields?: readonly FieldError[]
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** A refusal with a stable code. Anything else that is thrown is a defect and answers 500. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly fields: readonly FieldError[] | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(code: ErrorCode, { detail, fields, retryAfterSeconds, cause }: ErrorDetails = {}) {
    super(detail ?? code, cause === undefined ? undefined : { cause })
    this.name = 'AppError'
    this.code = code
    this.fields = fields
    this.retryAfterSeconds = retryAfterSeconds
  }
}

export const notFound = (what: string, id: number | string): AppError =>
  new AppError('not_found', { detail: `There is no ${what} ${id}.` })

export const alreadyExists = (what: string, path: string): AppError =>
  new AppError('already_exists', {
    detail: `This ${what} is taken.`,
    fields: [{ path, message: 'is taken' }],
  })

export const forbidden = (detail: string): AppError => new AppError('forbidden', { detail })

export const preconditionFailed = (): AppError =>
  new AppError('precondition_failed', { detail: 'It has changed since you read it.' })

export const unavailable = (what: string, retryAfterSeconds: number, cause?: unknown): AppError =>
  new AppError('dependency_unavailable', {
    detail: `${what} is not available at the moment.`,
    retryAfterSeconds,
    cause,
  })
