/** Every refusal leaves here: the only table from code to status, and the only place that writes a problem document. */

import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { AppError, type ErrorCode, type FieldError } from '#kernel/errors.ts'
import { newRequestId } from './identify.ts'

const problems: Record<ErrorCode, readonly [status: number, title: string]> = {
  bad_request: [400, 'Bad request'],
  validation_failed: [400, 'The request does not fit'],
  malformed_json: [400, 'The body is not JSON'],
  bad_cursor: [400, 'The cursor is not one of ours'],
  unauthorized: [401, 'A credential is needed'],
  invalid_token: [401, 'The credential is not valid'],
  invalid_credentials: [401, 'The sign-in failed'],
  forbidden: [403, 'Not allowed'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'Method not allowed'],
  conflict: [409, 'Conflict'],
  already_exists: [409, 'Already taken'],
  idempotency_in_flight: [409, 'The first request with this key is still running'],
  last_admin: [409, 'The last admin stays'],
  precondition_failed: [412, 'It has changed'],
  payload_too_large: [413, 'The body is too large'],
  uri_too_long: [414, 'The address is too long'],
  unsupported_media_type: [415, 'Media type not supported'],
  idempotency_mismatch: [422, 'The key was used for another request'],
  rate_limited: [429, 'Quota spent'],
  too_many_connections: [429, 'Too many connections'],
  headers_too_large: [431, 'The headers are too large'],
  internal: [500, 'Something went wrong here'],
  overloaded: [503, 'Overloaded'],
  draining: [503, 'Restarting'],
  dependency_unavailable: [503, 'Not available at the moment'],
  deadline_exceeded: [504, 'It took too long'],
}

// IETF draft-ietf-httpapi-ratelimit-headers registers this one; all others are pages of ours.
const quotaExceeded = 'https://iana.org/assignments/http-problem-types#quota-exceeded'

/** The codes and what they mean, for the contract and the documentation page. */
export const problemTable = Object.entries(problems).map(([code, [status, title]]) => ({
  code,
  status,
  title,
}))

/** RFC 9457 document of `error`, as it goes over the wire. */
function problemOf(error: AppError, requestId: string) {
  const [status, title] = problems[error.code]
  return {
    type: error.code === 'rate_limited' ? quotaExceeded : `/docs/errors#${error.code}`,
    title,
    status,
    error: error.code,
    detail: error.code === 'internal' ? 'The request id tells us what happened.' : error.message,
    requestId,
    ...(error.fields ? { errors: error.fields } : {}),
  }
}

/** Answers `error`; anything that is not an AppError is a defect: logged with its cause, shown as its request id. */
export function errorReply(logDefect: (error: unknown, request: FastifyRequest) => void) {
  return (thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const error = toAppError(thrown)
    request.errorCode = error.code
    if (error.code === 'internal') logDefect(thrown, request)
    const problem = problemOf(error, request.id)
    if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds))
    if (problem.status === 401) reply.header('www-authenticate', challenge(error.code))
    return reply
      .code(problem.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .header('cache-control', 'no-store')
      .serializer(JSON.stringify)
      .send(problem)
  }
}

// RFC 6750: no error code when no credential was sent at all.
const challenge = (code: ErrorCode): string =>
  code === 'unauthorized' ? 'Bearer realm="sluice"' : `Bearer realm="sluice", error="invalid_token"`

const frameworkCodes: Record<string, ErrorCode> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad_request',
  FST_ERR_BAD_URL: 'bad_request',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
}

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  if (!(thrown instanceof Error)) return new AppError('internal', { cause: thrown })
  const { validation, validationContext, code = '' } = thrown as FastifyError
  if (validation) {
    return new AppError('validation_failed', {
      detail: `The ${parts[validationContext ?? 'body'] ?? 'request'} does not fit what this address takes.`,
      fields: validation.slice(0, 20).map((problem) => fieldError(problem, validationContext ?? 'body')),
    })
  }
  const known = frameworkCodes[code]
  if (known) return new AppError(known, { detail: problems[known][1], cause: thrown })
  if (thrown instanceof SyntaxError && 'statusCode' in thrown) {
    return new AppError('malformed_json', { detail: 'The body is not JSON.', cause: thrown })
  }
  return new AppError('internal', { cause: thrown })
}

/** The parts of a request, as a client calls them. */
const parts: Readonly<Record<string, string>> = {
  body: 'body',
  params: 'path',
  querystring: 'query',
  headers: 'headers',
}

type ValidationProblem = NonNullable<FastifyError['validation']>[number]

function fieldError(
  { instancePath, params, message, keyword }: ValidationProblem,
  context: string,
): FieldError {
  const members = instancePath.split('/').filter((part) => part !== '')
  const extra = keyword === 'additionalProperties' ? params.additionalProperty : params.missingProperty
  if (extra !== undefined) members.push(String(extra))
  return {
    path: (context === 'body' ? members : [parts[context], ...members]).join('.'),
    message: keyword === 'additionalProperties' ? 'is not a member here' : (message ?? 'is not valid'),
  }
}

/** Answers what Node could not even read as a request: there is no reply object yet, only the socket. */
export function clientErrorReply(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const code: ErrorCode = error.code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'bad_request'
  const problem = problemOf(new AppError(code, { detail: problems[code][1] }), newRequestId())
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\ncontent-type: application/problem+json; charset=utf-8\r\n` +
      `x-request-id: ${problem.requestId}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}
