import t from 'tap'
import { judgeLimits, type LocalLimits } from '#scripts/prove/local-limits.ts'

const at = (...times: number[]) => times.map((ms) => ({ askedAtMs: ms, answeredAtMs: ms }))
const limit = (passed: Record<string, number[]>, others: LocalLimits[number]['others'] = []): LocalLimits => [
  {
    name: 'a limit',
    share: 2,
    refillPerMs: 0.001,
    passed: new Map(Object.entries(passed).map(([replica, times]) => [replica, at(...times)])),
    others,
  },
]

t.test(
  'a local limit holds when each replica gives its share, and one more once it has refilled',
  async (t) => {
    t.match(judgeLimits(limit({ a: [0, 0], b: [0, 5] })), { holds: true, measured: 'a limit: 2 + 2 passed' })
    t.ok(judgeLimits(limit({ a: [0, 0, 1_000], b: [0] })).holds)
  },
)

t.test(
  'it is broken by one too many at one replica, by a replica that gives nothing, and by other answers',
  async (t) => {
    t.notOk(
      judgeLimits(limit({ a: [0, 0, 0], b: [0] })).holds,
      'although both together gave no more than two shares',
    )
    t.notOk(judgeLimits(limit({ a: [0, 0], b: [] })).holds)
    const other = { method: 'GET', path: '/', status: 500, body: '', headers: {}, tookMs: 1 }
    t.notOk(judgeLimits(limit({ a: [0], b: [0] }, [other])).holds)
    t.notOk(judgeLimits().holds, 'nothing measured is nothing shown')
  },
)
