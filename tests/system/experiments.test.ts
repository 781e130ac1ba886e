/** The experiments of the demo, on three replicas under load: the promises hold while they last. */

import t from 'tap'
import { eventually } from '#tests/support/eventually.ts'
import { ask, failures, startLoad } from '#tests/support/load.ts'
import { testStack } from '#tests/support/stack.ts'

const stack = await testStack()
const headers = { authorization: 'Bearer admin-token-dev' }
const load = () =>
  startLoad(stack.gateway, 6, (asked) => ({
    method: 'GET',
    path: `/api/v1/resources/${1 + (asked % 20)}`,
    headers,
  }))
const begin = (name: string, body: object) =>
  ask(stack.gateway, { method: 'POST', path: `/api/v1/admin/experiments/${name}`, headers, body })
const states = async (): Promise<string[]> => {
  const { body } = await ask(stack.gateway, { method: 'GET', path: '/api/v1/admin/replicas', headers })
  return (JSON.parse(body) as { replicas: { state: string }[] }).replicas.map(({ state }) => state)
}
const allUp = () => eventually(t, async () => (await states()).join() === 'up,up,up', { withinMs: 60_000 })

t.test('a replica that kills itself is back, and no read failed', async (t) => {
  await allUp()
  const pid = await stack.pid('api-2')
  const reads = load()
  await reads.more(100)
  t.match(await begin('crash', { instanceId: 'api-2' }), { status: 202 })
  await stack.untilUp('api-2', pid)
  await reads.more(100)
  await reads.stop()
  t.strictSame(failures(reads.replies, [200]), [])
  t.not(await stack.pid('api-2'), pid)
})

t.test('all replicas lose Redis for a moment, and no read failed', async (t) => {
  await allUp()
  const reads = load()
  await reads.more(50)
  const begun = await begin('cut-redis', { seconds: 3 })
  t.equal(begun.status, 202)
  t.equal((JSON.parse(begun.body) as { replicas: string[] }).replicas.length, 3)
  await reads.more(300)
  await allUp()
  await reads.stop()
  t.strictSame(failures(reads.replies, [200]), [])
})
