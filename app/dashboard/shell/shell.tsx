/** The frame around every page: menu, top bar, the page itself. On narrow screens the menu is a drawer. */

import { Suspense, useEffect, useRef, useState } from 'react'
import { IconButton } from '#dashboard/components/button.tsx'
import { Confirmations } from '#dashboard/components/confirm.tsx'
import { Page } from '#dashboard/components/layout.tsx'
import { Mark } from '#dashboard/components/mark.tsx'
import { Loading } from '#dashboard/components/states.tsx'
import { Toasts } from '#dashboard/components/toast.tsx'
import { useLiveStream } from '#dashboard/live/live.ts'
import { useMay } from '#dashboard/session/session.ts'
import { Boundary } from './boundary.tsx'
import { LiveState } from './live-state.tsx'
import { usePlace } from './location.ts'
import { Menu } from './menu.tsx'
import css from './shell.module.css'
import { usePages } from './use-pages.ts'

export function Shell() {
  const pages = usePages()
  const { path } = usePlace()
  const [isMenuOpen, setMenuOpen] = useState(false)
  const main = useRef<HTMLElement>(null)
  const current =
    path === '/' ? pages[0] : pages.find((page) => path === page.path || path.startsWith(`${page.path}/`))
  const isWatching = useMay('admin:read')
  useLiveStream(isWatching)

  // The drawer exists on narrow screens alone.
  useEffect(() => {
    const wide = window.matchMedia('(min-width: 60rem)')
    const close = (): void => setMenuOpen(false)
    wide.addEventListener('change', close)
    return () => wide.removeEventListener('change', close)
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the page changes, not what is read
  useEffect(() => {
    setMenuOpen(false)
    window.scrollTo(0, 0)
  }, [current?.path])

  return (
    <div className={css.shell} data-menu={isMenuOpen ? 'open' : 'closed'}>
      <button type="button" className={css.skip} onClick={() => main.current?.focus()}>
        Skip to the page
      </button>
      <header className={css.bar}>
        <IconButton icon="menu" label="Menu" aria-expanded={isMenuOpen} onClick={() => setMenuOpen(true)} />
        <Mark size={24} />
        <span className={css.name}>Sluice</span>
        {isWatching && <LiveState />}
      </header>
      <Menu
        pages={pages}
        current={current?.path}
        isOpen={isMenuOpen}
        onClose={() => setMenuOpen(false)}
        isWatching={isWatching}
      />
      <main id="main" ref={main} className={css.main} tabIndex={-1} inert={isMenuOpen}>
        <Boundary key={current?.path}>
          <Suspense fallback={<Loading lines={8} />}>
            {current ? (
              <current.page />
            ) : (
              <Page title="There is no such page">
                <p>It may have moved, or it is not for your account.</p>
              </Page>
            )}
          </Suspense>
        </Boundary>
      </main>
      <Confirmations />
      <Toasts />
    </div>
  )
}
