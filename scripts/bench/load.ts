/** A fixed number of requests over kept connections, by autocannon. */

import autocannon from 'autocannon'

export interface Request {
  readonly path: string
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** The path of each further request, where no two may be alike. */
  readonly nextPath?: () => string
  /** Headers of each further request. */
  readonly nextHeaders?: () => Readonly<Record<string, string>>
  /** The status every answer must have. */
  readonly expect: number
}

export interface Volume {
  readonly amount: number
  readonly connections: number
  /** Requests a second over all connections; as many as it takes unless given. */
  readonly perSecond?: number
}

export interface LoadResult {
  readonly requests: number
  readonly seconds: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** @throws {Error} when an answer is missing or has another status: then the figures would be of something else. */
export async function load(url: string, request: Request, volume: Volume): Promise<LoadResult> {
  const { path, method = 'GET', headers, body, nextPath, nextHeaders, expect } = request
  const isVaried = nextPath !== undefined || nextHeaders !== undefined
  const startedAt = performance.now()
  const result = await autocannon({
    url,
    connections: Math.min(volume.connections, volume.amount),
    amount: volume.amount,
    ...(volume.perSecond !== undefined && { overallRate: volume.perSecond }),
    timeout: 30,
    requests: [
      {
        method,
        path,
        ...(headers && { headers: { ...headers } }),
        ...(body !== undefined && { body }),
        ...(isVaried && {
          setupRequest: (sent) => ({
            ...sent,
            ...(nextPath && { path: nextPath() }),
            ...(nextHeaders && { headers: { ...headers, ...nextHeaders() } }),
          }),
        }),
      },
    ],
  })
  const seconds = (performance.now() - startedAt) / 1_000
  const answers = result.statusCodeStats as Record<string, { count: number } | undefined>
  const right = answers[expect]?.count ?? 0
  if (right !== volume.amount || result.errors > 0) {
    const others = Object.entries(answers).map(([status, entry]) => `${status}: ${entry?.count}`)
    throw new Error(
      `${method} ${url}${path}: ${right} of ${volume.amount} answered ${expect} (${others.join(', ')}; errors: ${result.errors})`,
    )
  }
  return {
    requests: volume.amount,
    seconds,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  }
}
