/** One cache of answers for all pages. Live figures do not go through it: they come by the event stream. */

import { QueryClient } from '@tanstack/react-query'
import { Refusal } from './problem.ts'

/** Waiting may help against these; asking again at once helps against nothing else. */
const isPassing = (error: unknown): boolean =>
  error instanceof Refusal && [0, 502, 503, 504].includes(error.status)

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => failures < 2 && isPassing(error),
      retryDelay: (failures) => Math.random() * 500 * 2 ** failures,
    },
    mutations: { retry: false },
  },
})
