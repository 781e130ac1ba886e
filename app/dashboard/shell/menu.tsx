/** Where one can go, whether the picture is live, and who is signed in. */

import { useEffect, useRef } from 'react'
import { IconButton } from '#dashboard/components/button.tsx'
import { Icon } from '#dashboard/components/icon.tsx'
import { Mark } from '#dashboard/components/mark.tsx'
import type { PageEntry } from '#dashboard/pages.tsx'
import { signOut, useMe } from '#dashboard/session/session.ts'
import { LiveState } from './live-state.tsx'
import css from './menu.module.css'
import { ThemeSwitch } from './theme-switch.tsx'

interface MenuProps {
  readonly pages: readonly PageEntry[]
  readonly current: string | undefined
  /** On narrow screens, where it is a drawer. */
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly isWatching: boolean
}

export function Menu({ pages, current, isOpen, onClose, isWatching }: MenuProps) {
  const { user } = useMe()
  const drawer = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!isOpen) return
    const opener = document.activeElement
    drawer.current?.querySelector<HTMLElement>('a')?.focus()
    const close = ({ key }: KeyboardEvent): void => {
      if (key === 'Escape') onClose()
    }
    window.addEventListener('keydown', close)
    return () => {
      window.removeEventListener('keydown', close)
      if (opener instanceof HTMLElement) opener.focus()
    }
  }, [isOpen, onClose])
  const groups = [...new Set(pages.map(({ group }) => group))]
  return (
    <>
      {isOpen && <button type="button" className={css.shade} aria-label="Close the menu" onClick={onClose} />}
      <aside ref={drawer} className={css.menu} data-open={isOpen} aria-label="Menu">
        <div className={css.brand}>
          <Mark />
          <span>Sluice</span>
          {isWatching && <LiveState />}
        </div>
        <nav className={css.nav} aria-label="Pages">
          {groups.map((group) => (
            <div key={group}>
              <h2 className={css.group}>{group}</h2>
              <ul>
                {pages
                  .filter((page) => page.group === group)
                  .map(({ path, title, icon }) => (
                    <li key={path}>
                      <a
                        href={`#${path}`}
                        className={css.link}
                        aria-current={path === current ? 'page' : undefined}
                        onClick={onClose}
                      >
                        <Icon name={icon} />
                        {title}
                      </a>
                    </li>
                  ))}
              </ul>
            </div>
          ))}
          <a href="/docs" className={css.link}>
            <Icon name="docs" />
            API documentation
          </a>
        </nav>
        <div className={css.foot}>
          <ThemeSwitch />
          <div className={css.who}>
            <div>
              <strong>{user.name}</strong>
              <span>{user.email}</span>
            </div>
            <IconButton icon="leave" label="Sign out" onClick={signOut} />
          </div>
        </div>
      </aside>
    </>
  )
}
