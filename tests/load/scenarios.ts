/** Loads for a deployment of one's own: what is asked, how hard, for how long. `make load SCENARIO=spike`; k6.js has the same. */

export interface Stage {
  readonly seconds: number
  readonly connections: number
  /** Over all connections; as many as it takes unless given. */
  readonly perSecond?: number
}

export interface Scenario {
  readonly name: string
  readonly purpose: string
  readonly stages: readonly Stage[]
  /** Share of answers that may be errors of the server; refusals (429, 503 with Retry-After) are counted, not errors. */
  readonly errorsAllowed: number
}

/** Reads, mostly: what a dashboard or an app asks for. */
export const paths = [
  '/api/v1/users/1',
  '/api/v1/resources/1',
  '/api/v1/resources?limit=20',
  '/api/v1/items/1',
  '/api/v1/items?limit=20',
  '/api/v1/search/items?q=lamp',
] as const

export const scenarios: readonly Scenario[] = [
  {
    name: 'smoke',
    purpose: 'does it answer at all',
    stages: [{ seconds: 5, connections: 2, perSecond: 20 }],
    errorsAllowed: 0,
  },
  {
    name: 'steady',
    purpose: 'an ordinary day',
    stages: [{ seconds: 60, connections: 32, perSecond: 100 }],
    errorsAllowed: 0,
  },
  {
    name: 'spike',
    purpose: 'ten times as much for a few seconds, and back',
    stages: [
      { seconds: 10, connections: 32, perSecond: 100 },
      { seconds: 10, connections: 256, perSecond: 1_000 },
      { seconds: 10, connections: 32, perSecond: 100 },
    ],
    errorsAllowed: 0,
  },
  {
    name: 'soak',
    purpose: 'hours: watch memory and latency on /metrics meanwhile',
    stages: [{ seconds: 3_600, connections: 32, perSecond: 100 }],
    errorsAllowed: 0.0001,
  },
  {
    name: 'stress',
    purpose: 'more and more, until it sheds load',
    stages: [64, 128, 256, 512].map((connections) => ({ seconds: 15, connections })),
    errorsAllowed: 0.001,
  },
]
