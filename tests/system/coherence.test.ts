/** What one replica writes or revokes, the others do not contradict (P3, P10). */

import t from 'tap'
import { clientWith } from '#scripts/prove/clients.ts'
import { promises } from '#scripts/prove/promises.ts'
import { eventually } from '#tests/support/eventually.ts'
import { ask } from '#tests/support/load.ts'
import { testStack } from '#tests/support/stack.ts'

const stack = await testStack()

for (const id of ['P2', 'P3']) {
  const promised = promises.find((each) => each.id === id)
  t.test(`${promised?.promise}`, async (t) => {
    t.match(await promised?.measure(stack, { isShort: true }), { holds: true })
  })
}

t.test('a sign-out is felt on every replica', async (t) => {
  const login = await ask(stack.gateway, {
    method: 'POST',
    path: '/api/v1/auth/login',
    body: { email: 'user@example.com', password: 'user123' },
  })
  const client = clientWith(stack, (JSON.parse(login.body) as { token: string }).token)
  const statuses = () =>
    Promise.all(
      Object.values(stack.replicas).map(
        async (door) =>
          (await ask(door, { method: 'GET', path: '/api/v1/me', headers: client.headers })).status,
      ),
    )
  t.strictSame(await statuses(), [200, 200, 200])
  t.equal((await client.send('POST', '/api/v1/auth/logout')).status, 204)
  await eventually(t, async () => (await statuses()).every((status) => status === 401))
})
