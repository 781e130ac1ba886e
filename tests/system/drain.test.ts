/** An admin takes a replica out and back, under load: it is sent nothing, and no request fails. */

import t from 'tap'
import { eventually } from '#tests/support/eventually.ts'
import { ask, failures, startLoad } from '#tests/support/load.ts'
import { testStack } from '#tests/support/stack.ts'

const stack = await testStack()
const headers = { authorization: 'Bearer admin-token-dev' }

const stateOf = async (name: string): Promise<string | undefined> => {
  const { body } = await ask(stack.gateway, { method: 'GET', path: '/api/v1/admin/replicas', headers })
  const { replicas } = JSON.parse(body) as { replicas: { instanceId: string; state: string }[] }
  return replicas.find(({ instanceId }) => instanceId === name)?.state
}
const post = (path: string) => ask(stack.gateway, { method: 'POST', path: `/api/v1/admin/${path}`, headers })
const servers = async (count: number): Promise<Set<string>> => {
  const answers = await Promise.all(
    Array.from({ length: count }, () =>
      ask(stack.gateway, { method: 'GET', path: '/api/v1/status', headers }),
    ),
  )
  return new Set(answers.map(({ body }) => (JSON.parse(body) as { instanceId: string }).instanceId))
}

t.test('a drained replica is sent nothing, serves again when asked to, and no request fails', async (t) => {
  await eventually(t, async () => (await stateOf('api-2')) === 'up', { withinMs: 30_000 })
  const pid = await stack.pid('api-2')
  const load = startLoad(stack.gateway, 8, (asked) =>
    asked % 10 === 0
      ? {
          method: 'POST',
          path: '/api/v1/resources',
          headers,
          body: { name: `drain ${asked}`, type: 'drain' },
        }
      : { method: 'GET', path: `/api/v1/resources/${1 + (asked % 20)}`, headers },
  )
  await load.more(100)
  t.equal((await post('replicas/api-2/drain')).status, 202)
  await eventually(t, async () => (await stateOf('api-2')) === 'draining', { withinMs: 30_000 })
  await eventually(t, async () => !(await servers(20)).has('api-2'), { withinMs: 30_000 })
  await load.more(200)
  t.equal(await stack.pid('api-2'), pid, 'it stays, and nobody takes it for stuck')
  t.equal((await post('replicas/api-2/undrain')).status, 202)
  await eventually(t, async () => (await servers(20)).has('api-2'), { withinMs: 30_000 })
  // Whoever is asked tells of the others what their latest beat said.
  await eventually(t, async () => (await stateOf('api-2')) === 'up', { withinMs: 30_000 })
  await load.more(100)
  await load.stop()
  t.strictSame(failures(load.replies, [200, 201]), [])
  t.equal(await stack.pid('api-2'), pid)
})

t.test('a drained replica stops as any other, and its successor serves', async (t) => {
  t.equal((await post('replicas/api-3/drain')).status, 202)
  await eventually(t, async () => (await stateOf('api-3')) === 'draining', { withinMs: 30_000 })
  await stack.restart('api-3')
  await eventually(t, async () => (await stateOf('api-3')) === 'up', { withinMs: 30_000 })
  await eventually(t, async () => (await servers(20)).has('api-3'), { withinMs: 30_000 })
})
