import { useQuery } from '@tanstack/react-query'
import type { components } from '#client/schema.ts'
import { answered, api } from '#dashboard/api/api.ts'
import { queryClient } from '#dashboard/api/query-client.ts'
import type { Option } from '#dashboard/components/field.tsx'
import { useMay } from '#dashboard/session/session.ts'

export type User = components['schemas']['User']

export const tierOptions = [
  { value: 'free', label: 'free' },
  { value: 'pro', label: 'pro' },
  { value: 'enterprise', label: 'enterprise' },
] as const

/** The roles there are, for those who may read them; else the two that always are. */
export function useRoleOptions(): readonly Option[] {
  const mayRead = useMay('roles:read')
  const { data } = useQuery({
    queryKey: ['roles'],
    queryFn: () => answered(api.GET('/api/v1/roles')),
    enabled: mayRead,
  })
  const names = data?.data.map(({ name }) => name) ?? ['user', 'admin']
  return names.map((name) => ({ value: name, label: name }))
}

export const usersChanged = () => queryClient.invalidateQueries({ queryKey: ['users', 'list'] })
