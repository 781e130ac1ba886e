/** The name of a row, which opens it: what the keyboard reaches where a mouse may click anywhere in the row. */

import type { ReactNode } from 'react'
import css from './opener.module.css'

export const Opener = ({
  onOpen,
  children,
}: {
  readonly onOpen: () => void
  readonly children: ReactNode
}) => (
  <button type="button" className={css.opener} onClick={onOpen}>
    {children}
  </button>
)
