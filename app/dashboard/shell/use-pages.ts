import { useQuery } from '@tanstack/react-query'
import { systemQuery } from '#dashboard/api/system-query.ts'
import { type PageEntry, pages } from '#dashboard/pages.tsx'
import { allows, useMay, useMe } from '#dashboard/session/session.ts'

/** The pages that are for whoever is signed in; the first one is where they start. */
export function usePages(): readonly PageEntry[] {
  const me = useMe()
  const { data } = useQuery({ ...systemQuery, enabled: useMay('admin:read') })
  const isDemo = data?.isDemo === true
  return pages.filter(
    ({ permission, isDemoOnly }) =>
      (permission === undefined || allows(me, permission)) && (!isDemoOnly || isDemo),
  )
}
