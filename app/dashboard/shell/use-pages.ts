import { type PageEntry, pages } from '#dashboard/pages.tsx'
import { allows, useMe } from '#dashboard/session/session.ts'

/** The pages that are for whoever is signed in; the first one is where they start. */
export function usePages(): readonly PageEntry[] {
  const me = useMe()
  return pages.filter(({ permission }) => permission === undefined || allows(me, permission))
}
