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
  /** A status that some may have instead. */
  readonly orElse?: number
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
  /** Answers of the status `orElse`. */
  readonly others: number
}

/** @throws {Error} when an answer is missing or has another status: then the figures would be of something else. */
export async function load(
  url: string,
  request: Request,
  volume: Volume,
  atLastAnswer: () => void = () => {},
): Promise<LoadResult> {
  const { path, method = 'GET', headers, body, nextPath, nextHeaders, expect, orElse } = request
  const isVaried = nextPath !== undefined || nextHeaders !== undefined
  const startedAt = performance.now()
  let seconds = 0
  const options = {
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
  } satisfies autocannon.Options
  const result = await new Promise<autocannon.Result>((resolve, reject) => {
    let answered = 0
    const run = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
    // autocannon itself only ends with a full second; what idles until then is not the requests' cost.
    run.on('response', () => {
      answered += 1
      if (answered !== volume.amount) return
      seconds = (performance.now() - startedAt) / 1_000
      atLastAnswer()
    })
  })
  const answers = result.statusCodeStats as Record<string, { count: number } | undefined>
  const others = orElse === undefined ? 0 : (answers[orElse]?.count ?? 0)
  const right = (answers[expect]?.count ?? 0) + others
  if (right !== volume.amount || result.errors > 0) {
    const found = Object.entries(answers).map(([status, entry]) => `${status}: ${entry?.count}`)
    throw new Error(
      `${method} ${url}${path}: ${right} of ${volume.amount} answered ${expect} (${found.join(', ')}; errors: ${result.errors})`,
    )
  }
  return {
    requests: volume.amount,
    others,
    seconds,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
  }
}
