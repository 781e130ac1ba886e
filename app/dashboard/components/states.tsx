/** What a page shows instead of its content: nothing there, still loading, could not. */

import type { ReactNode } from 'react'
import { messageOf, Refusal } from '#dashboard/api/problem.ts'
import { Button } from './button.tsx'
import { Icon, type IconName } from './icon.tsx'
import css from './states.module.css'

interface EmptyProps {
  readonly icon?: IconName
  readonly title: string
  readonly children?: ReactNode
  /** What to do about it, usually the button that makes the first one. */
  readonly action?: ReactNode
}

export function Empty({ icon = 'search', title, children, action }: EmptyProps) {
  return (
    <div className={css.state}>
      <Icon name={icon} size={28} />
      <p className={css.title}>{title}</p>
      {children && <p className={css.text}>{children}</p>}
      {action}
    </div>
  )
}

/** @param retry - asks again */
export function Failed({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const requestId = error instanceof Refusal ? error.problem.requestId : undefined
  return (
    <div className={css.state} role="alert">
      <Icon name="alert" size={28} />
      <p className={css.title}>This could not be loaded</p>
      <p className={css.text}>{messageOf(error)}</p>
      {requestId && (
        <p className={css.text}>
          Request <code>{requestId}</code>
        </p>
      )}
      {retry && (
        <Button icon="refresh" onClick={retry}>
          Try again
        </Button>
      )}
    </div>
  )
}

/** Grey lines in the shape of what comes, so that nothing jumps when it is there. */
export function Loading({ lines = 3 }: { readonly lines?: number }) {
  return (
    <div className={css.loading} role="status" aria-label="Loading">
      {lineKeys.slice(0, lines).map((key) => (
        <span key={key} className={css.line} />
      ))}
    </div>
  )
}

const lineKeys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
