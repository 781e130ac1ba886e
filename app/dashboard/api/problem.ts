/** A refusal as the dashboard throws it: what the API said, or that nothing answered. */

export interface FieldError {
  /** Names joined by dots: `name`, or `items.0.title`; beside the body with its part first, such as `query.limit`. */
  readonly path: string
  readonly message: string
}

/** What RFC 9457 leaves of a refusal on the wire. */
interface ProblemBody {
  readonly error?: string
  readonly title?: string
  readonly detail?: string
  readonly requestId?: string
  readonly errors?: readonly FieldError[]
}

export class Refusal extends Error {
  override readonly name = 'Refusal'
  /** 0 when nothing answered. */
  readonly status: number
  /** Stable code of the API, or `unreachable`. */
  readonly code: string
  readonly requestId: string | undefined
  readonly fields: readonly FieldError[]
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, body: ProblemBody, retryAfter?: string | null) {
    super(body.detail || body.title || 'The server gave no reason.')
    this.status = status
    this.code = body.error ?? 'unknown'
    this.requestId = body.requestId
    this.fields = body.errors ?? []
    this.retryAfterSeconds = retryAfter ? Number(retryAfter) : undefined
  }
}

export const unreachable = (): Refusal =>
  new Refusal(0, {
    error: 'unreachable',
    detail: 'Sluice does not answer. Is it running, and are you online?',
  })

/** What can be seen to be wrong before anything is sent, as the API would say it. */
export const invalid = (field: string, message: string): Refusal =>
  new Refusal(400, { error: 'invalid_request', detail: message, errors: [{ path: field, message }] })

/** The body of an answer that says no, whoever wrote it. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const body: ProblemBody = await response.json().catch(() => ({}))
  return new Refusal(response.status, body, response.headers.get('retry-after'))
}

/** The sentence for a person. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : 'Something went wrong.'
