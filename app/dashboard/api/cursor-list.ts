/** A list of the API that is read page after page by its cursor, as one growing list. */

import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'

interface PageOf<Row> {
  readonly data: readonly Row[]
  readonly pagination: { readonly nextCursor: string | null }
}

export interface CursorList<Row> {
  /** Undefined until the first page is there. */
  readonly rows: readonly Row[] | undefined
  readonly error: unknown
  readonly retry: () => void
  /** Undefined when nothing follows. */
  readonly more: (() => void) | undefined
  readonly isLoadingMore: boolean
}

/** @param key - what the list depends on, filters included */
export function useCursorList<Row>(
  key: QueryKey,
  pageAt: (cursor: string | undefined) => Promise<PageOf<Row>>,
): CursorList<Row> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => pageAt(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ pagination }) => pagination.nextCursor ?? undefined,
    placeholderData: (before) => before,
  })
  return {
    rows: query.data?.pages.flatMap(({ data }) => data),
    error: query.error,
    retry: () => void query.refetch(),
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    isLoadingMore: query.isFetchingNextPage,
  }
}
