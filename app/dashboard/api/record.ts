/** One record that is opened for reading or changing, with its ETag; nothing while a new one is being made. */

import { type QueryKey, useQuery } from '@tanstack/react-query'
import type { Versioned } from './versioned.ts'

export interface OpenedRecord<Data> {
  readonly record: Versioned<Data> | undefined
  readonly error: unknown
  readonly retry: () => void
}

/** @param read - undefined for a new one */
export function useRecord<Data>(
  key: QueryKey,
  read: (() => Promise<Versioned<Data>>) | undefined,
): OpenedRecord<Data> {
  const query = useQuery({
    queryKey: key,
    queryFn: () => read?.() ?? Promise.reject(new Error('There is nothing to read.')),
    enabled: read !== undefined,
    // What is about to be changed is read anew, so that its ETag is the latest.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  return { record: query.data, error: query.error, retry: () => void query.refetch() }
}
