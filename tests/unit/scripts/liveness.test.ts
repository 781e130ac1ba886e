import t from 'tap'
import { type Look, patience, stuckSince } from '#scripts/engine/liveness.ts'

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
