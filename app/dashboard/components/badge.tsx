import type { ReactNode } from 'react'
import css from './badge.module.css'
import type { Tone } from './tone.ts'

/** A word with a colour. The word says it all: the colour only helps to find it. */
export const Badge = ({
  tone = 'none',
  children,
}: {
  readonly tone?: Tone
  readonly children: ReactNode
}) => (
  <span className={css.badge} data-tone={tone}>
    {children}
  </span>
)

/** The same with a dot, for the state of something that lives. */
export const State = ({
  tone = 'none',
  children,
}: {
  readonly tone?: Tone
  readonly children: ReactNode
}) => (
  <span className={css.state} data-tone={tone}>
    {children}
  </span>
)

/** An HTTP status, coloured by its class. */
export const Status = ({ status }: { readonly status: number }) => (
  <Badge tone={status >= 500 ? 'bad' : status >= 400 ? 'warn' : status >= 300 ? 'none' : 'good'}>
    {status}
  </Badge>
)
