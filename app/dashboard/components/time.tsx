/** Points in time as the reader's own clock shows them: how long ago, and exactly on hover. */

import { useEffect, useState } from 'react'

const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })

const units = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const

function ago(time: number, now: number): string {
  const passed = time - now
  const unit = units.find(([, ms]) => Math.abs(passed) >= ms)
  if (!unit)
    return Math.abs(passed) < 10_000 ? 'just now' : relative.format(Math.round(passed / 1_000), 'second')
  return relative.format(Math.round(passed / unit[1]), unit[0])
}

type Moment = string | number

/** "5 min. ago", kept true while it is looked at. */
export function Ago({ time }: { readonly time: Moment }) {
  const at = new Date(time)
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 15_000)
    return () => clearInterval(timer)
  }, [])
  return (
    <time dateTime={at.toISOString()} title={exact.format(at)}>
      {ago(at.getTime(), Math.max(now, at.getTime()))}
    </time>
  )
}

/** A time that has not come: "in 3 days". */
export function Until({ time }: { readonly time: Moment }) {
  const at = new Date(time)
  return (
    <time dateTime={at.toISOString()} title={exact.format(at)}>
      {ago(at.getTime(), Date.now())}
    </time>
  )
}

/** The date and time themselves. */
export function Exactly({ time }: { readonly time: Moment }) {
  const at = new Date(time)
  return <time dateTime={at.toISOString()}>{exact.format(at)}</time>
}

/** Only the time of day, for what happens now. */
export function TimeOfDay({ time }: { readonly time: Moment }) {
  const at = new Date(time)
  return (
    <time dateTime={at.toISOString()} title={exact.format(at)}>
      {clock.format(at)}
    </time>
  )
}
