import t from 'tap'
import { isToBeAsked, type Look, patience, stuckSince } from '#scripts/engine/liveness.ts'

const answered = (atMs: number, ticks?: number): Look => ({ atMs, hasAnswered: true, ticks })
const silent = (atMs: number, ticks?: number): Look => ({ atMs, hasAnswered: false, ticks })
const every = (from: number, to: number, tick: (atMs: number) => number | undefined): Look[] =>
  Array.from({ length: (to - from) / 300 + 1 }, (_, index) =>
    silent(from + index * 300, tick(from + index * 300)),
  )

t.test('a process that answers is never stuck', async (t) => {
  t.equal(stuckSince([], patience), undefined)
  t.equal(stuckSince([answered(0, 5)], patience), undefined)
})

t.test('no answer and no CPU for 1.2 s is frozen', async (t) => {
  t.equal(stuckSince([answered(0, 5), ...every(300, 900, () => 5)], patience), undefined)
  t.equal(stuckSince([answered(0, 5), ...every(300, 1_200, () => 5)], patience), 'was frozen for 1200 ms')
  const froze = [answered(0, 5), ...every(300, 1_500, () => 9)]
  t.equal(stuckSince(froze, patience), 'was frozen for 1200 ms', 'counted from where its CPU stood still')
})

t.test('one that computes has the time of the longest request', async (t) => {
  const busy = (atMs: number): number => 5 + atMs / 10
  t.equal(stuckSince([answered(0, 5), ...every(300, 14_700, busy)], patience), undefined)
  t.equal(
    stuckSince([answered(0, 5), ...every(300, 15_000, busy)], patience),
    'answered nothing for 15000 ms',
  )
})

t.test('whoever was itself kept from looking does not judge', async (t) => {
  const late = [answered(0, 5), silent(300, 5), silent(2_700, 5)]
  t.equal(stuckSince(late, patience), undefined)
  t.equal(stuckSince([...late, ...every(3_000, 3_600, () => 5)], patience), undefined)
  t.match(
    stuckSince([...late, ...every(3_000, 4_200, () => 5)], patience),
    /frozen for 1500 ms/,
    'but begins anew',
  )
})

t.test('where the system tells nothing of CPU, only time counts', async (t) => {
  t.equal(stuckSince([answered(0), ...every(300, 3_000, () => undefined)], patience), undefined)
  t.match(stuckSince([answered(0), ...every(300, 15_000, () => undefined)], patience), /answered nothing/)
})

t.test('one that computes is asked now and then, one that does not each time', async (t) => {
  const asked = (looks: Look[], atMs: number, ticks?: number) => isToBeAsked(looks, { atMs, ticks }, patience)
  t.equal(asked([], 0, 5), true, 'nothing is known of it yet')
  t.equal(asked([answered(0, 5)], 300, 6), false)
  t.equal(asked([answered(0, 5), silent(300, 6)], 600, 7), false)
  t.equal(asked([answered(0, 5), silent(300, 6)], 600, 6), true, 'it may be frozen')
  t.equal(asked([answered(0, 5), silent(300, 6)], 2_000, 9), true, 'or turn in a circle')
  t.equal(asked([answered(0)], 300, undefined), true, 'where the system tells nothing of CPU')
})

t.test('one that froze unasked was frozen since its CPU stood still', async (t) => {
  const froze = [answered(0, 5), silent(300, 7), ...every(600, 1_200, () => 7)]
  t.equal(stuckSince(froze, patience), undefined)
  t.equal(stuckSince([...froze, silent(1_500, 7)], patience), 'was frozen for 1200 ms')
})
