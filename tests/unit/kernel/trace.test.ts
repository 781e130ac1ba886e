import t from 'tap'
import { KeptTraces, type TracedRequest } from '#kernel/tracing/kept-traces.ts'
import { asSpan, type Span, Trace, type Tracer } from '#kernel/tracing/trace.ts'
import { isSampled, traceContextOf, traceIdOf } from '#kernel/tracing/trace-context.ts'
import { shownSpans } from '#kernel/tracing/trace-view.ts'
import { fakeClock } from '#tests/support/clock.ts'

const [trace, parent] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7']
const traceparent = `00-${trace}-${parent}-01`
const hex = (number: number): string => number.toString(16).padStart(32, '0')
const newTrace = (startedAt = 0, id = hex(1)) => new Trace(startedAt, undefined, id, () => hex(255))

const request = (more: Partial<TracedRequest> = {}): TracedRequest => ({
  requestId: 'r-1',
  method: 'GET',
  route: '/api/v1/items',
  status: 200,
  durationMs: 3,
  tier: 'free',
  errorCode: undefined,
  ...more,
})

t.test('a traceparent is taken as the W3C says, a later version by the part that is known', async (t) => {
  t.strictSame(traceContextOf(traceparent), { traceId: trace, parentId: parent, isSampled: true })
  t.equal(traceContextOf(`00-${trace}-${parent}-00`)?.isSampled, false)
  t.equal(traceContextOf(`cc-${trace}-${parent}-03-more`)?.isSampled, true)
  for (const bad of [
    ...[undefined, '', trace, `ff-${trace}-${parent}-01`, `00-${trace}-${parent}`, `00-${trace}-${parent}-1`],
    ...[`00-${'0'.repeat(32)}-${parent}-01`, `00-${trace}-${'0'.repeat(16)}-01`],
    ...[`00-${trace.toUpperCase()}-${parent}-01`, `00-${trace}-${parent}-01x`],
  ]) {
    t.equal(traceContextOf(bad), undefined, String(bad))
  }
})

t.test('a trace is named by its caller, by the request id, or anew', async (t) => {
  t.equal(traceIdOf(traceparent, hex(7)), trace)
  t.equal(traceIdOf('nonsense', hex(7)), hex(7))
  t.equal(traceIdOf(undefined, 'order-7'), undefined)
  t.equal(new Trace(0, undefined, 'order-7', () => hex(255)).id, hex(255))
  t.equal(new Trace(0, traceparent, 'order-7', () => hex(255)).id, trace)
})

t.test('a sample is as large as it should be, of random ids and of counted ones', async (t) => {
  const share = (percent: number, ids: readonly string[]) =>
    ids.filter((id) => isSampled(id, percent)).length / ids.length
  const counted = Array.from({ length: 20_000 }, (_, index) => hex(index + 1))
  for (const percent of [0, 1, 10, 100]) t.ok(Math.abs(share(percent, counted) - percent / 100) < 0.003)
  t.equal(isSampled(trace, 50), isSampled(trace, 50))
})

t.test('steps belong to what they began in, and are few', async (t) => {
  const made = newTrace()
  const outer = made.begin('outer', {}, undefined, 1) as Span
  const inner = made.begin('inner', {}, outer, 2)
  t.equal(inner?.parent, outer)
  for (let each = 0; each < 100; each++) made.begin('more', {}, undefined, 3)
  t.equal(made.spans.length, 64)
  t.equal(made.spansDropped, 38)
  t.strictSame(newTrace().spans, [])
})

t.test('what a request leaves behind, such as a timer, adds nothing to it later on', async (t) => {
  const made = newTrace()
  made.endedAt = 10
  t.ok(made.begin('fill', {}, undefined, 500))
  t.notOk(made.begin('timer', {}, undefined, 2_000))
})

t.test(
  'the failed and the slow are kept always, of the others a sample and what a caller samples',
  async (t) => {
    const kept = new KeptTraces({ samplePercent: 0, slowMs: 100, now: () => 0 })
    t.equal(kept.keep(newTrace(), request({ status: 503 }), 0)?.because, 'failed')
    t.equal(kept.keep(newTrace(), request({ durationMs: 100 }), 0)?.because, 'slow')
    t.equal(kept.keep(newTrace(), request({ status: 404 }), 0), undefined)
    t.equal(kept.keep(new Trace(0, traceparent, 'r', () => hex(1)), request(), 0)?.because, 'sampled')
    t.strictSame(kept.counts, { failed: 1, slow: 1, sampled: 1 })
    t.strictSame(
      kept.notable().map(({ because }) => because),
      ['slow', 'failed'],
    )
    t.equal(kept.of(trace).length, 1, 'found by its id')
    t.equal(kept.of(hex(1)).length, 2)
  },
)

t.test('when everything fails, so many of each second are kept, and the latest stay', async (t) => {
  const clock = fakeClock()
  const kept = new KeptTraces({
    samplePercent: 100,
    slowMs: 100,
    now: clock.now,
    maxNotable: 3,
    maxPerSecond: 5,
  })
  const fail = (id: number) => kept.keep(newTrace(0, hex(id)), request({ status: 500 }), 0)
  for (let id = 1; id <= 7; id++) fail(id)
  t.equal(kept.dropped, 2)
  t.strictSame(
    kept.notable().map((each) => each.trace.id),
    [hex(5), hex(4), hex(3)],
  )
  const sampled = (id: number) => kept.keep(newTrace(0, hex(id)), request(), 0)
  t.ok(sampled(9), 'samples have room of their own')
  clock.advance(1_000)
  for (let id = 10; id <= 17; id++) sampled(id)
  t.ok(fail(8), 'and take none from what failed')
})

t.test('a trace is shown as the request and its steps, each with its place in time', async (t) => {
  const kept = new KeptTraces({ samplePercent: 100, slowMs: 100, now: () => 0 })
  const made = new Trace(1_000, traceparent, 'r-1', () => hex(1))
  const outer = made.begin('outer', { kind: 'a' }, undefined, 1_001) as Span
  outer.endedAt = 1_004
  outer.result = { found: 1 }
  made.begin('inner', {}, outer, 1_002)
  made.endedAt = 1_005
  const found = kept.keep(made, request({ status: 500, durationMs: 5, errorCode: 'internal' }), 0)
  if (found === undefined) return t.fail('not kept')
  let ids = 0
  const show = () => shownSpans(found, 'root', () => `id-${++ids}`)
  const shown = show()
  t.match(shown, [
    { spanId: 'root', parentId: parent, name: 'GET /api/v1/items', ms: 5, hasFailed: true },
    { parentId: 'root', name: 'outer', startMs: 1, ms: 3, attributes: { kind: 'a', found: 1 } },
    {
      parentId: shown[1]?.spanId,
      name: 'inner',
      startMs: 2,
      ms: 3,
      attributes: { 'sluice.unfinished': 'true' },
    },
  ])
  t.match(shown[0]?.attributes, { 'error.type': 'internal', 'http.response.status_code': 500 })
  t.strictSame(show(), shown, 'ids stay')
  made.spansDropped = 2
  t.equal(show()[0]?.attributes['sluice.spans_dropped'], 2)
})

t.test('work is a step where somebody traces, and just work where nobody does', async (t) => {
  const made = newTrace()
  const ended: unknown[] = []
  const tracer = (span?: Span): Tracer => ({
    begin: () => span,
    end: (each, hasFailed, result) => ended.push([each?.name, hasFailed, result]),
    within: (_span, call) => call(),
    traceparent: () => '',
  })
  const span = made.begin('step', {}, undefined, 0) as Span
  t.equal(await asSpan(undefined, 'a', {}, async (given) => given), undefined)
  t.equal(await asSpan(tracer(), 'a', {}, async (given) => given), undefined)
  t.strictSame(ended, [])
  t.equal(
    await asSpan(
      tracer(span),
      'a',
      {},
      async () => 7,
      (value) => ({ value }),
    ),
    7,
  )
  await t.rejects(asSpan(tracer(span), 'a', {}, () => Promise.reject(new Error('no'))))
  t.strictSame(ended, [
    ['step', false, { value: 7 }],
    ['step', true, undefined],
  ])
})
