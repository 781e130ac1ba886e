/** A table with its loading, empty and failed states. On a phone each row becomes a small card. */

import type { ReactNode } from 'react'
import { Failed, Loading } from './states.tsx'
import css from './table.module.css'

export interface Column<Row> {
  readonly name: string
  readonly cell: (row: Row) => ReactNode
  /** Figures stand at the end of their cell. */
  readonly isNumber?: boolean
  /** For the buttons of a row: the name is only read aloud. */
  readonly isActions?: boolean
}

export interface TableProps<Row> {
  /** What the table lists, for those who cannot see the page around it. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  /** Undefined while loading. */
  readonly rows: readonly Row[] | undefined
  readonly keyOf: (row: Row) => string | number
  readonly error?: unknown
  readonly retry?: (() => void) | undefined
  /** Shown when there are no rows. */
  readonly empty: ReactNode
  /** What a click on a row opens. The first cell must hold a link or button for it too: rows take no focus. */
  readonly onOpen?: ((row: Row) => void) | undefined
}

export function Table<Row>({ label, columns, rows, keyOf, error, retry, empty, onOpen }: TableProps<Row>) {
  if (rows === undefined)
    return error ? <Failed error={error} {...(retry && { retry })} /> : <Loading lines={6} />
  if (rows.length === 0) return empty
  return (
    <div className={css.scroll}>
      <table className={css.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ name, isNumber, isActions }) => (
              <th key={name} scope="col" data-number={isNumber}>
                {isActions ? <span className="spoken">{name}</span> : name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={keyOf(row)}
              data-opens={onOpen !== undefined}
              onClick={onOpen && ((event) => opens(event) && onOpen(row))}
            >
              {columns.map(({ name, cell, isNumber, isActions }) => (
                <td
                  key={name}
                  data-label={isActions ? undefined : name}
                  data-number={isNumber}
                  data-actions={isActions}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Not a click on something in the row that does its own thing, nor the end of selecting text. */
function opens({ target }: { readonly target: EventTarget }): boolean {
  const isControl = target instanceof Element && target.closest('a, button, input, select, label') !== null
  return !isControl && (window.getSelection()?.isCollapsed ?? true)
}
