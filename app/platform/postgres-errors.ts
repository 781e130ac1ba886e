/** What Postgres says, in Sluice's own codes. Source: PostgreSQL, appendix A, "Error Codes". */

import { AppError, unavailable } from '#kernel/errors.ts'

/** A unique or foreign key that refused a row: the store that knows the constraint turns it into a refusal. */
export class ConstraintError extends Error {
  readonly constraint: string
  readonly kind: 'unique' | 'foreign-key' | 'check'
  constructor(kind: ConstraintError['kind'], constraint: string, cause: unknown) {
    super(`${kind} constraint ${constraint}`, { cause })
    this.name = 'ConstraintError'
    this.kind = kind
    this.constraint = constraint
  }
}

/** Somebody else held a lock for longer than the statement was told to wait (`lock_timeout`). */
export class LockedError extends Error {
  constructor(cause: unknown) {
    super('waited too long for a lock', { cause })
    this.name = 'LockedError'
  }
}

/** Whether Postgres itself refused a statement for what is in it: then it surely kept nothing of it. */
export const isRefusedStatement = (error: unknown): boolean =>
  error instanceof ConstraintError ||
  error instanceof LockedError ||
  (error instanceof AppError && error.code === 'validation_failed') ||
  (error instanceof Error && error.name === 'PostgresError')

const constraintKinds: Record<string, ConstraintError['kind']> = {
  '23505': 'unique',
  '23503': 'foreign-key',
  '23514': 'check',
}

/** Cancelled from outside, and not for the time it took; whether that was meant is the caller's to say. */
export const isCancelledFromOutside = (error: unknown): boolean =>
  codeOf(error) === '57014' && /user request/.test(String(error))

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

/** A deadlock, or two transactions that saw too much of each other: nothing of it was kept, and it may go well the next time. */
const isContention = (code: string): boolean => code === '40001' || code === '40P01'

/** A transaction that failed like this left nothing behind, and not for what is in it. */
export function hasSurelyRolledBack(error: unknown): boolean {
  const told = error instanceof AppError ? error.cause : error
  return isContention(codeOf(told)) || isCancelledFromOutside(told)
}

/** Passes on whatever is not Postgres's. */
export function translate(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  const kind = constraintKinds[code]
  if (kind) return new ConstraintError(kind, String(Reflect.get(error, 'constraint_name')), error)
  if (code === '55P03') return new LockedError(error)
  if (isContention(code)) {
    const detail = 'Somebody else changed the same at the same time. Try again.'
    return new AppError('conflict', { detail, retryAfterSeconds: 1, cause: error })
  }
  if (code === '57014')
    return new AppError('deadline_exceeded', { detail: 'It took too long.', cause: error })
  // Text Postgres cannot hold (a NUL, half a surrogate pair, a number out of range): the client's to mend.
  if (code.startsWith('22')) {
    return new AppError('validation_failed', { detail: 'A value cannot be stored.', cause: error })
  }
  return isOutage(code) ? unavailable('The database', 1, error) : error
}

// 08 connection, 53 resources (too many connections, disk full), 57P shutdown, 25006 read-only during a failover.
const isOutage = (code: string): boolean =>
  /^(08|53|57P|25006|E[A-Z_]+$|CONNECTION_|CONNECT_TIMEOUT)/.test(code)
