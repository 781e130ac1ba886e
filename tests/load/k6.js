// The scenarios of tests/load/scenarios.ts for k6: k6 run -e SCENARIO=spike -e TARGET=http://localhost:8080 tests/load/k6.js

import { check } from 'k6'
import http from 'k6/http'

const target = __ENV.TARGET || 'http://localhost:8080'
const headers = { Authorization: `Bearer ${__ENV.TOKEN || 'dummy-token'}` }
const paths = [
  '/api/v1/users/1',
  '/api/v1/resources/1',
  '/api/v1/resources?limit=20',
  '/api/v1/items/1',
  '/api/v1/items?limit=20',
  '/api/v1/search/items?q=lamp',
]

const rate = (perSecond, duration, startTime = '0s', maxVUs = 256) => ({
  executor: 'constant-arrival-rate',
  rate: perSecond,
  timeUnit: '1s',
  duration,
  startTime,
  preAllocatedVUs: 32,
  maxVUs,
})
const users = (vus, duration, startTime) => ({ executor: 'constant-vus', vus, duration, startTime })

const scenarios = {
  smoke: { smoke: rate(20, '5s') },
  steady: { steady: rate(100, '60s') },
  spike: { before: rate(100, '10s'), spike: rate(1000, '10s', '10s'), after: rate(100, '10s', '20s') },
  soak: { soak: rate(100, '1h') },
  stress: {
    a: users(64, '15s', '0s'),
    b: users(128, '15s', '15s'),
    c: users(256, '15s', '30s'),
    d: users(512, '15s', '45s'),
  },
}

export const options = {
  scenarios: scenarios[__ENV.SCENARIO || 'smoke'],
  thresholds: { checks: ['rate>0.999'] },
}

export default function () {
  const path = paths[Math.floor(Math.random() * paths.length)]
  const answer = http.get(target + path, { headers })
  // A refusal with a reason is an answer; only what the server itself got wrong is an error.
  check(answer, { 'no server error': ({ status }) => status < 500 || status === 503 })
}
