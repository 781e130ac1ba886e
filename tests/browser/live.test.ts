/** The dashboard live: what happens to the system is on the screen without a reload. */

import { browserTest } from '#tests/support/browser.ts'
import { row, signIn, visit } from '#tests/support/dashboard.ts'
import { eventually } from '#tests/support/eventually.ts'
import { httpClient } from '#tests/support/http.ts'

browserTest('the topology shows every part up, and the traffic as it comes', async ({ t, page, stack }) => {
  await signIn(page)
  await visit(page, 'Topology')
  for (const part of ['Gateway', 'Balancer', 'api-1', 'api-2', 'api-3', 'Redis', 'Postgres'])
    await page.getByRole('button', { name: new RegExp(`^${part}\\s*Up`) }).waitFor()
  const flow = page.getByText(/Gateway to Balancer/).locator('..')
  await eventually(
    t,
    async () => {
      await Promise.all(Array.from({ length: 20 }, () => fetch(`${stack.gateway}/api/v1/status`)))
      return !/Balancer:\s*0\/s/.test((await flow.textContent()) ?? '')
    },
    { withinMs: 60_000 },
  )
})

browserTest(
  'what the gateway refuses is on its edge, though no replica ever saw it',
  async ({ t, page, stack }) => {
    await signIn(page)
    await visit(page, 'Topology')
    const edge = page.getByText(/Gateway to Balancer/).locator('..')
    await eventually(
      t,
      async () => {
        // Neither a token nor a key: the gate says 401 without asking anybody.
        await Promise.all(Array.from({ length: 20 }, () => fetch(`${stack.gateway}/api/v1/me`)))
        return /[1-9][\d.,]*\/s kept/.test((await edge.textContent()) ?? '')
      },
      { withinMs: 60_000 },
    )
    await page.getByRole('button', { name: /^Gateway/ }).click()
    const facts = page
      .getByRole('main')
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Gateway' }) })
    await facts.getByText(/\d a second: refused here/).waitFor()
    await facts.getByText(/[1-9]\d* open/).waitFor()
  },
)

browserTest('a replica that is killed is seen to go and to come back', async ({ page, stack }) => {
  await signIn(page)
  await visit(page, 'Topology')
  await page.getByRole('button', { name: /^api-2\s*Up/ }).waitFor()
  const pid = await stack.pid('api-2')
  await stack.kill('api-2', 'SIGKILL')
  const log = page.getByRole('log', { name: 'What happened' })
  await log
    .getByText(/api-2 (is silent|is down|has left|has started again)/)
    .first()
    .waitFor()
  await stack.untilUp('api-2', pid)
  await page.getByRole('button', { name: /^api-2\s*Up/ }).waitFor()
})

browserTest('a quota that is spent shows who spent it, and what was refused', async ({ t, page, stack }) => {
  const name = `small ${Date.now()}`
  const made = await httpClient(stack.gateway)
    .as('admin-token-dev')
    .post<{ id: number; key: string }>('/api/v1/api-keys', { name, limitPerMinute: 5 })
  t.equal(made.status, 201)
  await signIn(page)
  await visit(page, 'Limits')
  const small = httpClient(stack.gateway).as(made.body.key)
  await eventually(t, async () => (await small.get('/api/v1/me')).status === 429, { withinMs: 60_000 })
  await eventually(
    t,
    async () => {
      await small.get('/api/v1/me')
      return row(page, `api-key:${made.body.id}`).count()
    },
    { withinMs: 60_000 },
  )
})
