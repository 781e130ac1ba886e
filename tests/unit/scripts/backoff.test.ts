import t from 'tap'
import { afterDeath, delayMs, isCrashLoop, noDeaths } from '#scripts/engine/backoff.ts'

const afterQuickDeaths = (count: number) =>
  Array.from({ length: count }).reduce<typeof noDeaths>((deaths) => afterDeath(deaths, undefined), noDeaths)

t.test('starts one that had lived well again at once', async (t) => {
  t.equal(delayMs(afterDeath(noDeaths, 60_000)), 0)
})

t.test('doubles the pause with each quick death, up to ten seconds', async (t) => {
  t.strictSame(
    [1, 2, 3, 4, 20].map((count) => delayMs(afterQuickDeaths(count))),
    [100, 200, 400, 800, 10_000],
  )
})

t.test('counts a death soon after readiness as quick', async (t) => {
  t.equal(afterDeath(noDeaths, 500).inARow, 1)
})

t.test('calls the fifth quick death in a row a crash loop', async (t) => {
  t.notOk(isCrashLoop(afterQuickDeaths(4)))
  t.ok(isCrashLoop(afterQuickDeaths(5)))
})

t.test('forgets the quick deaths once it lived well', async (t) => {
  t.strictSame(afterDeath(afterQuickDeaths(7), 5_000), noDeaths)
})
