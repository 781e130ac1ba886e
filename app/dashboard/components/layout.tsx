/** The blocks pages are made of: a heading with its actions, cards, grids of cards, lists of names and values. */

import { type ReactNode, useEffect, useRef } from 'react'
import css from './layout.module.css'

interface PageProps {
  readonly title: string
  /** One sentence below the title. */
  readonly about?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

// Who goes from page to page is told the new heading, and goes on from there by keyboard; at the start nobody is moved.
let isFirst = true

export function Page({ title, about, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!isFirst) heading.current?.focus({ preventScroll: true })
    isFirst = false
  }, [])
  useEffect(() => {
    document.title = `${title} · Sluice`
  }, [title])
  return (
    <div className={css.page}>
      <header className={css.header}>
        <div className={css.heading}>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {about && <p>{about}</p>}
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

interface CardProps {
  readonly title?: string
  readonly about?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
  /** Content that brings its own padding, such as a table. */
  readonly isFlush?: boolean
}

export function Card({ title, about, actions, children, isFlush = false }: CardProps) {
  return (
    <section className={css.card}>
      {(title || actions) && (
        <header className={css.cardHeader}>
          <div>
            {title && <h2>{title}</h2>}
            {about && <p>{about}</p>}
          </div>
          {actions && <div className={css.actions}>{actions}</div>}
        </header>
      )}
      <div className={isFlush ? css.flush : css.cardBody}>{children}</div>
    </section>
  )
}

/** Cards side by side as far as there is room. */
export const Grid = ({
  children,
  minWidth = '20rem',
}: {
  readonly children: ReactNode
  readonly minWidth?: '16rem' | '20rem' | '28rem'
}) => (
  <div className={css.grid} data-min={minWidth}>
    {children}
  </div>
)

/** A card of large numbers, as many beside each other as divide them evenly. */
export const Figures = ({ children }: { readonly children: readonly ReactNode[] }) => (
  <section className={css.card}>
    <div className={css.figures} data-count={children.length}>
      {children}
    </div>
  </section>
)

/** Buttons and the like in one line. */
export const Row = ({ children }: { readonly children: ReactNode }) => (
  <div className={css.row}>{children}</div>
)

/** A list of names and values. */
export const Facts = ({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[]
}) => (
  <dl className={css.facts}>
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

interface FigureProps {
  readonly label: string
  readonly value: ReactNode
  readonly unit?: string
  readonly note?: ReactNode
  readonly tone?: 'bad' | 'warn' | 'good'
}

/** One number that matters, large. */
export const Figure = ({ label, value, unit, note, tone }: FigureProps) => (
  <div className={css.figure} data-tone={tone}>
    <span className={css.figureLabel}>{label}</span>
    <span className={css.figureValue}>
      {value}
      {unit && <small> {unit}</small>}
    </span>
    {note && <span className={css.figureNote}>{note}</span>}
  </div>
)
