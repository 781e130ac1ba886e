/** A dialog of the browser's own: it keeps the focus, closes with Escape and gives the focus back. */

import { type ReactNode, useId, useLayoutEffect, useRef } from 'react'
import { IconButton } from './button.tsx'
import css from './dialog.module.css'

interface DialogProps {
  readonly title: string
  readonly children: ReactNode
  /** Buttons at the foot. */
  readonly actions?: ReactNode
  /** `side` for details beside the page, which stays in sight. */
  readonly place?: 'centre' | 'side'
  readonly onClose: () => void
}

/** Open as long as it is rendered. */
export function Dialog({ title, children, actions, place = 'centre', onClose }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  // Before it leaves the document: only a dialog that is still in it gives the focus back when it closes.
  useLayoutEffect(() => {
    const element = dialog.current
    element?.showModal()
    // The browser would choose the button that closes: one begins with the first field, or with the safe answer.
    const inOrder = ['[data-part="body"] :is(input, select, textarea)', '[data-part="actions"] button']
    const first = inOrder.map((selector) => element?.querySelector<HTMLElement>(selector)).find(Boolean)
    first?.focus()
    return () => element?.close()
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the dialog; the key for it is Escape, by the browser
    <dialog
      ref={dialog}
      className={css.dialog}
      data-place={place}
      aria-labelledby={titleId}
      onCancel={(event) => {
        // React decides when it is gone, so that its state and the page's agree.
        event.preventDefault()
        onClose()
      }}
      onClick={(event) => {
        if (event.target === dialog.current) onClose()
      }}
    >
      <div className={css.frame}>
        <header className={css.header}>
          <h2 id={titleId}>{title}</h2>
          <IconButton icon="close" label="Close" onClick={onClose} />
        </header>
        <div className={css.body} data-part="body">
          {children}
        </div>
        {actions && (
          <footer className={css.footer} data-part="actions">
            {actions}
          </footer>
        )}
      </div>
    </dialog>
  )
}
