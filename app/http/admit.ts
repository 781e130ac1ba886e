/** Lets a request in, has it wait a moment, or sheds it early: before it spends a token or touches anything (docs/overload.md). */

import type { FastifyRequest } from 'fastify'
import { type Admission, priorities } from '#kernel/admission/admission.ts'
import { AppError } from '#kernel/errors.ts'
import { type Principal, tiers } from '#kernel/principal.ts'
import type { Refusal, Room } from './rooms.ts'

export interface AdmitDeps {
  readonly admission: Admission
  /** Monotonic milliseconds. */
  readonly now: () => number
}

declare module 'fastify' {
  interface FastifyRequest {
    /** When it was let in; undefined while it holds no place. */
    admittedAt: number | undefined
    /** Gives up waiting for a place. */
    giveUp: (() => void) | undefined
  }
}

const admin = priorities.indexOf('admin')
const tierPriority = new Map<string, number>(tiers.map((tier) => [tier, priorities.indexOf(tier)]))

const priorityOf = ({ role, tier }: Principal): number =>
  role === 'admin' ? admin : (tierPriority.get(tier) ?? 0)

export function admit({ admission, now }: AdmitDeps): Room {
  const leave = (request: FastifyRequest): void => {
    request.giveUp?.()
    request.giveUp = undefined
    if (request.admittedAt === undefined) return
    admission.leave(now() - request.admittedAt)
    request.admittedAt = undefined
  }

  return {
    enter(request) {
      // What costs nothing must answer at any time: health, metrics, what replicas ask each other.
      if (request.rules.cost === 0) return undefined
      const priority = priorityOf(request.principal)
      // Gone while its credential was checked: nothing would give its place back.
      if (request.isOver || request.raw.socket.destroyed) return overloaded
      if (admission.enter(priority)) {
        request.admittedAt = now()
        return undefined
      }
      const { promise, resolve } = Promise.withResolvers<Refusal>()
      request.giveUp = admission.wait(priority, (isAdmitted) => {
        request.giveUp = undefined
        if (isAdmitted) request.admittedAt = now()
        resolve(isAdmitted ? undefined : overloaded)
      })
      return request.giveUp === undefined ? overloaded : promise
    },
    answered: leave,
    abandoned: leave,
  }
}

/** One for all: an error of its own each time, with its stack, would cost more than the rest of the refusal. */
const overloaded = new AppError('overloaded', {
  detail: 'More is asked than can be answered at the moment.',
  retryAfterSeconds: 1,
})
