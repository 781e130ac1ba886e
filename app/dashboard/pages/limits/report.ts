import type { RateLimitReport } from '#client/index.ts'

/** What both tables are given: the report, or why there is none. */
export interface ReportProps {
  readonly report: RateLimitReport | undefined
  readonly error: unknown
  readonly retry: () => void
}
