/** How requests are dealt out beside a canary, and when it is judged to fail. */

import t from 'tap'
import { type Look, watch } from '#scripts/engine/canary.ts'
import { sharesOf } from '#scripts/engine/shares.ts'
import { isWorse } from '#scripts/engine/verdict.ts'

const names = ['api-1', 'api-2', 'api-3']
const canary = { name: 'api-3', release: 'new', former: 'old', weight: 10 }

/** Of 100 requests. */
const percentOf = (shares: readonly string[], place: number): number => {
  const weights = shares.map((share) => Number(share.replace('weight=', '')))
  return ((weights[place] ?? 0) * 100) / weights.reduce((sum, weight) => sum + weight, 0)
}

t.test('gives the canary its weight of 100 requests, and the others equal parts of the rest', async (t) => {
  for (const weight of [1, 10, 50, 99]) {
    const shares = sharesOf(names, { ...canary, weight })
    t.equal(percentOf(shares, 2).toFixed(6), weight.toFixed(6))
    t.equal(shares[0], shares[1])
  }
  const [, two, three] = sharesOf(['api-1', 'api-2', 'api-1'], { ...canary, name: 'api-2' })
  t.equal(percentOf([three ?? '', two ?? '', three ?? ''], 1).toFixed(6), '10.000000', 'also of two replicas')
})

t.test('leaves a canary of 0 out, and keeps the others in reserve beside one of 100', async (t) => {
  t.strictSame(sharesOf(names, { ...canary, weight: 0 }), ['weight=1', 'weight=1', 'down'])
  t.strictSame(sharesOf(names, { ...canary, weight: 100 }), ['backup', 'backup', 'weight=1'])
  t.strictSame(sharesOf(names), ['weight=1', 'weight=1', 'weight=1'])
})

t.test('judges by more failures than beside it, and not by few', async (t) => {
  const limits = { maxExcessPercent: 1, minErrors: 5 }
  t.ok(isWorse({ requests: 100, errors: 5 }, { requests: 900, errors: 0 }, limits))
  t.notOk(isWorse({ requests: 20, errors: 4 }, { requests: 900, errors: 0 }, limits), 'may be chance')
  t.notOk(isWorse({ requests: 100, errors: 50 }, { requests: 200, errors: 100 }, limits), 'fails everywhere')
  t.notOk(isWorse({ requests: 1_000, errors: 9 }, { requests: 900, errors: 0 }, limits), 'within the bound')
  t.notOk(isWorse({ requests: 0, errors: 0 }, { requests: 0, errors: 0 }, limits))
})

t.test(
  'ends the watch when the canary is gone or was started again, and not when nobody can be asked',
  async (t) => {
    const well: Look = {
      instanceId: 'api-3',
      state: 'up',
      startedAt: '1',
      requestsPerSecond: 10,
      errorsPerSecond: 0,
    }
    const other = { ...well, instanceId: 'api-1' }
    const watching = (...looks: readonly (readonly Look[])[]) => {
      const left = [...looks]
      return watch(canary, {
        look: async () => left.shift() ?? [],
        forMs: looks.length,
        everyMs: 1,
        say: () => undefined,
      })
    }
    const down: Look = { ...well, state: 'down' }
    t.equal(await watching([well, other], [other], [down, other], [other]), 'api-3 does not answer')
    t.equal(await watching([well], [other], [other], [well], [other]), undefined, 'late, and not gone')
    t.equal(
      await watching([well, other], [{ ...well, startedAt: '2' }, other]),
      'api-3 ended and had to be started again',
    )
    t.equal(await watching([well], []), undefined)
    t.match(
      await watching([{ ...well, errorsPerSecond: 9_000, requestsPerSecond: 10_000 }, other]),
      /90\.00 %/,
    )
  },
)
