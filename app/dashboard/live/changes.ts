/** What happened from one picture to the next, in words: states of replicas, stores and breakers. */

import type { ReplicaPicture, SystemPicture } from '#client/index.ts'
import type { Tone } from '#dashboard/components/tone.ts'
import { isAlive, stateTone, stateWord } from './figures.ts'

export interface Change {
  readonly time: number
  readonly tone: Tone
  readonly text: string
}

export function changesBetween(before: SystemPicture, after: SystemPicture): readonly Change[] {
  const told = [
    ...replicaChanges(before, after),
    ...storeChanges(before, after),
    ...breakerChanges(before, after),
  ]
  return told.map((change) => ({ ...change, time: after.time }))
}

type Told = Omit<Change, 'time'>

function replicaChanges(before: SystemPicture, after: SystemPicture): readonly Told[] {
  const was = new Map(before.replicas.map((replica) => [replica.instanceId, replica]))
  const is = new Set(after.replicas.map(({ instanceId }) => instanceId))
  const left = before.replicas
    .filter(({ instanceId }) => !is.has(instanceId))
    .map(({ instanceId }): Told => ({ tone: 'none', text: `${instanceId} has left` }))
  const changed = after.replicas.flatMap(({ instanceId, state, startedAt }): readonly Told[] => {
    const old = was.get(instanceId)
    if (!old) return [{ tone: 'good', text: `${instanceId} has joined` }]
    if (old.startedAt !== startedAt)
      return [{ tone: stateTone[state], text: `${instanceId} has started again` }]
    if (old.state !== state)
      return [{ tone: stateTone[state], text: `${instanceId} is ${stateWord[state].toLowerCase()}` }]
    return []
  })
  return [...left, ...changed]
}

const storeNames = { redis: 'Redis', postgres: 'Postgres' } as const

/** One that starts has reached nothing yet, which is no news. */
const isSettled =
  (now: number) =>
  ({ startedAt }: ReplicaPicture): boolean =>
    now - Date.parse(startedAt) > 15_000

/** Each replica has links of its own, and only it knows whether they hold. */
const storeChanges = (before: SystemPicture, after: SystemPicture): readonly Told[] =>
  after.replicas
    .filter(isAlive)
    .filter(isSettled(after.time))
    .flatMap((replica) => {
      const old = before.replicas.find(({ instanceId }) => instanceId === replica.instanceId)
      return (['redis', 'postgres'] as const)
        .filter((name) => old && old[name].isUp !== replica[name].isUp)
        .map((name): Told => {
          const { isUp } = replica[name]
          const verb = isUp ? 'reaches' : 'does not reach'
          const text = `${replica.instanceId} ${verb} ${storeNames[name]}${isUp ? ' again' : ''}`
          return { tone: isUp ? 'good' : 'bad', text }
        })
    })

const breakerTone: Readonly<Record<string, Tone>> = { open: 'bad', closed: 'good' }

function breakerChanges(before: SystemPicture, after: SystemPicture): readonly Told[] {
  return after.replicas.flatMap(({ instanceId, breakers }) => {
    const old = before.replicas.find((replica) => replica.instanceId === instanceId)?.breakers ?? {}
    return Object.entries(breakers)
      .filter(([name, state]) => old[name] !== undefined && old[name] !== state)
      .map(
        ([name, state]): Told => ({
          tone: breakerTone[state] ?? 'warn',
          text: `Breaker ${name} of ${instanceId} is ${state}`,
        }),
      )
  })
}
