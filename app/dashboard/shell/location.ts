/** Where the reader is: a path and its query in the fragment (`/#/items?type=book`), since the gateway serves one page. */

import { useSyncExternalStore } from 'react'

export interface Place {
  readonly path: string
  readonly query: URLSearchParams
}

const read = (): string => window.location.hash.slice(1) || '/'

const subscribe = (onChange: () => void): (() => void) => {
  window.addEventListener('hashchange', onChange)
  return () => window.removeEventListener('hashchange', onChange)
}

function placeOf(fragment: string): Place {
  const [path = '/', query = ''] = fragment.split('?', 2)
  return { path: path.startsWith('/') ? path : '/', query: new URLSearchParams(query) }
}

export const usePlace = (): Place => placeOf(useSyncExternalStore(subscribe, read))

export const hrefOf = (path: string, query: Readonly<Record<string, string>> = {}): string => {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString()
  return `#${path}${search === '' ? '' : `?${search}`}`
}

/** Filters live in the address, so that a view can be shared, reloaded and gone back to. An empty value is left out. */
export function useFilters<Name extends string>(
  names: readonly Name[],
): readonly [Readonly<Record<Name, string>>, (changed: Partial<Record<Name, string>>) => void] {
  const { path, query } = usePlace()
  const filters = Object.fromEntries(names.map((name) => [name, query.get(name) ?? ''])) as Record<
    Name,
    string
  >
  const change = (changed: Partial<Record<Name, string>>): void => {
    const kept = Object.fromEntries(query)
    // Typing into a filter is one place to go back to, not one for each letter.
    window.history.replaceState(null, '', hrefOf(path, { ...kept, ...changed }))
    window.dispatchEvent(new HashChangeEvent('hashchange'))
  }
  return [filters, change]
}
