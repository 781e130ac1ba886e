/** A secret that is shown this once: to read, to copy, with what it is for. */

import type { ReactNode } from 'react'
import { Copy } from './copy.tsx'
import css from './secret.module.css'

interface SecretProps {
  readonly label: string
  readonly value: string
  readonly children: ReactNode
}

export const Secret = ({ label, value, children }: SecretProps) => (
  <div className={css.secret}>
    <p>{children}</p>
    <div className={css.line}>
      <output aria-label={label}>
        <code>{value}</code>
      </output>
      <Copy text={value} />
    </div>
    <p className={css.once}>It is shown this once and cannot be looked up again.</p>
  </div>
)
