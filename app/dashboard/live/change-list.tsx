/** What happened lately, told to those who listen as it happens. */

import { State } from '#dashboard/components/badge.tsx'
import { Card } from '#dashboard/components/layout.tsx'
import { TimeOfDay } from '#dashboard/components/time.tsx'
import css from './change-list.module.css'
import { useLive } from './live.ts'

const shown = 8

export function ChangeList() {
  const changes = useLive((live) => live.changes)
  return (
    <Card title="What happened">
      <div role="log" aria-label="What happened">
        <ol className={css.list}>
          {changes.length === 0 && <li className={css.none}>Nothing in the last two minutes.</li>}
          {changes.slice(0, shown).map(({ time, tone, text }) => (
            <li key={`${time} ${text}`}>
              <State tone={tone}>{text}</State>
              <TimeOfDay time={time} />
            </li>
          ))}
        </ol>
      </div>
    </Card>
  )
}
