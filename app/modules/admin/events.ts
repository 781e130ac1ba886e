/**
 * Those who watch the system live. Each has a place in the pictures of the last two minutes and is sent what is newer:
 * the same way for who has just come, comes back, was behind, or waited until its credential could be checked again.
 */

import type { EventStream } from '#http/event-stream.ts'
import type { StandingCredential } from '#http/standing-credential.ts'
import { AppError } from '#kernel/errors.ts'
import type { Principal } from '#kernel/principal.ts'
import type { Replica } from '#kernel/replicas.ts'
import type { Finished } from '#kernel/sampling.ts'
import { notableRequests } from './notable-requests.ts'
import { RecentPictures } from './recent-pictures.ts'
import type { StreamEnd } from './system.schemas.ts'
import { systemPicture } from './system-picture.ts'

export interface EventsDeps {
  readonly replicas: () => readonly Replica[]
  /** Unix milliseconds that all replicas share. */
  readonly time: () => number
  readonly standing: StandingCredential
  /** A request that takes so long is shown before others. */
  readonly slowMs: number
  readonly maxReaders?: number
}

export interface Watcher {
  readonly stream: EventStream
  readonly credential: string
  readonly principal: Principal
  /** The id of the last picture it has seen. */
  readonly lastId: number | undefined
}

interface Reader extends Omit<Watcher, 'lastId' | 'principal'> {
  /** As it was found to be last. */
  principal: Principal
  /** The id of the last picture it was sent. */
  position: number
  fullBeats: number
  quietBeats: number
  /** Its credential is being checked. */
  isChecked: boolean
  /** When that was asked last it stood; else it is told nothing. */
  isSure: boolean
}

/** Ten seconds behind: it is cut off, and may come back and resume. */
const mostFullBeats = 20
/** Ten seconds without an event: a comment. */
const mostQuietBeats = 20
const permission = 'admin:read'

export function events({ replicas, time, standing, slowMs, maxReaders = 100 }: EventsDeps) {
  const readers = new Set<Reader>()
  const recent = new RecentPictures()
  const notable = notableRequests(slowMs)
  let isDraining = false

  const end = (reader: Reader, reason: StreamEnd['reason']): void => {
    readers.delete(reader)
    reader.stream.end('end', JSON.stringify({ reason }))
  }

  const deliver = (reader: Reader): void => {
    for (const { id, text } of recent.after(reader.position)) {
      if (reader.stream.isFull || !reader.stream.isOpen) return
      reader.stream.send('system', text, id)
      reader.position = id
      reader.quietBeats = 0
    }
  }

  const stands = (reader: Reader, principal: Principal): boolean => {
    reader.principal = principal
    reader.isSure = true
    if (principal.permissions.has(permission)) return true
    end(reader, 'revoked')
    return false
  }

  /** Whether it may be told something now. What cannot be told is checked, and what was withheld is sent then. */
  const isAllowed = (reader: Reader): boolean => {
    if (reader.isChecked) return false
    if (reader.principal.expiresAt <= Date.now()) {
      end(reader, 'expired')
      return false
    }
    const answer = standing(reader.credential)
    if (!(answer instanceof Promise)) return stands(reader, answer)
    reader.isChecked = true
    reader.isSure = false
    answer.then(
      (principal) => {
        reader.isChecked = false
        if (readers.has(reader) && stands(reader, principal)) deliver(reader)
      },
      (error: unknown) => {
        reader.isChecked = false
        // Whatever else it is, nobody can tell at the moment: asked again with the next beat.
        const isWorthless = error instanceof AppError && error.code === 'invalid_token'
        if (isWorthless && readers.has(reader)) end(reader, 'revoked')
      },
    )
    return false
  }

  const tell = (reader: Reader): void => {
    // One that left before it could be watched closes no more.
    if (!reader.stream.isOpen) {
      readers.delete(reader)
      return
    }
    reader.fullBeats = reader.stream.isFull ? reader.fullBeats + 1 : 0
    if (reader.fullBeats > mostFullBeats) {
      reader.stream.cut()
      return
    }
    reader.quietBeats += 1
    if (isAllowed(reader)) deliver(reader)
    if (reader.quietBeats <= mostQuietBeats || reader.stream.isFull || !reader.stream.isOpen) return
    reader.stream.beat()
    reader.quietBeats = 0
  }

  return {
    /** @throws {AppError} `draining`, or `overloaded` where too many watch already: before the stream is opened. */
    checkRoom(): void {
      if (isDraining)
        throw new AppError('draining', { detail: 'This replica is leaving.', retryAfterSeconds: 1 })
      if (readers.size < maxReaders) return
      throw new AppError('overloaded', {
        detail: 'Too many watch this replica already.',
        retryAfterSeconds: 5,
      })
    },

    watch({ lastId, ...watcher }: Watcher): void {
      // Without an id the newest picture is where it begins. An id from a replica whose clock is ahead is no reason to wait.
      const position = Math.min(lastId ?? recent.newest - 1, recent.newest)
      const reader: Reader = {
        ...watcher,
        position,
        fullBeats: 0,
        quietBeats: 0,
        isChecked: false,
        isSure: true,
      }
      readers.add(reader)
      reader.stream.onClose(() => readers.delete(reader))
      reader.stream.onRoom(() => {
        if (readers.has(reader) && reader.isSure) deliver(reader)
      })
      deliver(reader)
    },

    /** Each beat of the registry is a new picture. */
    beat(): void {
      const id = recent.nextId(time())
      recent.add({ id, text: JSON.stringify(systemPicture(replicas(), id)) })
      notable.beat()
      for (const reader of readers) tell(reader)
    },

    /** Whether `finished` is to be shown: asked after every request, so nothing is made of it before. */
    isShown: (finished: Finished): boolean => readers.size > 0 && notable.isShown(finished),

    /** To all who may read it and have room; nobody is told later. */
    publish(event: string, text: string, mayRead: string = permission): void {
      for (const { stream, isSure, principal } of readers) {
        if (isSure && stream.isOpen && !stream.isFull && principal.permissions.has(mayRead))
          stream.send(event, text)
      }
    },

    watching: (): number => readers.size,

    /** After a drain that was taken back. */
    resume(): void {
      isDraining = false
    },

    /** Sends everybody elsewhere. */
    drain(): void {
      isDraining = true
      for (const reader of readers) end(reader, 'draining')
    },
  }
}

export type Events = ReturnType<typeof events>
