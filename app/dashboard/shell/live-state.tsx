/** Whether what is shown is now: a word and a dot, told to listeners when it changes. */

import { State } from '#dashboard/components/badge.tsx'
import { useLive } from '#dashboard/live/live.ts'
import css from './live-state.module.css'

const words = {
  off: ['Off', 'none'],
  connecting: ['Connecting', 'warn'],
  live: ['Live', 'good'],
  waiting: ['Reconnecting', 'warn'],
} as const

export function LiveState() {
  const [word, tone] = words[useLive(({ connection }) => connection)]
  return (
    <span className={css.live} role="status">
      <State tone={tone}>{word}</State>
    </span>
  )
}
