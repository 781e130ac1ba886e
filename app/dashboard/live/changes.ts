/** What happened from one picture to the next, in words: states of replicas, stores and breakers. */

import type { SystemPicture } from '#client/index.ts'
import type { Tone } from '#dashboard/components/tone.ts'
import { stateTone, stateWord, storeFigures } from './figures.ts'

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

const storeChanges = (before: SystemPicture, after: SystemPicture): readonly Told[] =>
  (['redis', 'postgres'] as const).flatMap((name) => {
    const { isUp } = storeFigures(after, name)
    if (storeFigures(before, name).isUp === isUp) return []
    return [
      isUp
        ? { tone: 'good' as const, text: `${storeNames[name]} is reached again` }
        : { tone: 'bad' as const, text: `${storeNames[name]} is not reached` },
    ]
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
