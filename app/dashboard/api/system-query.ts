import { queryOptions } from '@tanstack/react-query'
import { answered, api } from './api.ts'

/** What the system holds, and whether it is a demo. */
export const systemQuery = queryOptions({
  queryKey: ['dashboard'],
  queryFn: () => answered(api.GET('/api/v1/admin/dashboard')),
})
