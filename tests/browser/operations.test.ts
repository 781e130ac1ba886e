/** What an admin does to the system from the dashboard, and what the demo does to itself. */

import type { Locator, Page } from 'playwright-core'
import { browserTest } from '#tests/support/browser.ts'
import { signIn, visit } from '#tests/support/dashboard.ts'
import { httpClient } from '#tests/support/http.ts'

browserTest('a replica is drained and brought back', async ({ t, page, stack }) => {
  // Whatever happens here, the next test finds all three serving.
  const api = httpClient(stack.gateway).as('admin-token-dev')
  t.teardown(() => api.post('/api/v1/admin/replicas/api-3/undrain'))
  await signIn(page)
  await visit(page, 'Replicas')
  await page.getByRole('button', { name: 'Drain api-3' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click()
  await page.getByRole('button', { name: 'Bring api-3 back' }).click()
  await page.getByRole('button', { name: 'Drain api-3' }).and(page.locator(':enabled')).waitFor()
})

/** The card of one experiment. */
const experiment = (page: Page, title: string): Locator =>
  page
    .getByRole('main')
    .locator('section')
    .filter({ has: page.getByRole('heading', { name: title }) })

browserTest(
  'a burst is let through as far as its bucket holds, and the rest is told to come back',
  async ({ page }) => {
    await signIn(page)
    await visit(page, 'Experiments')
    const burst = experiment(page, 'A burst')
    await burst.getByRole('button', { name: 'Send them' }).click()
    await burst.getByText(/\d+ of \d+ were answered, [1-9]\d* refused with 429/).waitFor()
  },
)

browserTest('a replica that kills itself is seen to go, and serves again', async ({ page, stack }) => {
  await signIn(page)
  await visit(page, 'Experiments')
  const crash = experiment(page, 'A replica dies')
  await crash.getByLabel('Replica').selectOption('api-2')
  const pid = await stack.pid('api-2')
  await crash.getByRole('button', { name: 'Kill it' }).click()
  await crash.getByText('Seen gone after').waitFor()
  await stack.untilUp('api-2', pid)
})

browserTest(
  'replicas that cut their own link to Redis fail no read, and reach it again',
  async ({ page }) => {
    await signIn(page)
    await visit(page, 'Experiments')
    const cut = experiment(page, 'Redis goes away')
    await cut.getByLabel('Seconds').fill('2')
    await cut.getByRole('button', { name: 'Cut the link' }).click()
    await cut.getByText('The link is cut for 2 s.').waitFor()
    await cut.getByText('Every replica reaches Redis again.').waitFor()
    await cut.getByText(/A reader asked [1-9]\d* times meanwhile: every read was answered/).waitFor()
  },
)

browserTest('a queue that is flooded keeps no reader out who goes first', async ({ page }) => {
  await signIn(page)
  await visit(page, 'Experiments')
  const flood = experiment(page, 'A queue is flooded')
  await flood.getByLabel('Pieces of work').fill('200')
  await flood.getByLabel('Milliseconds each').fill('100')
  await flood.getByRole('button', { name: 'Flood it' }).click()
  await flood.getByText('200 pieces of work of 100 ms each were put into the queue.').waitFor()
  await flood.getByText(/A reader asked [1-9]\d* times meanwhile: every read was answered/).waitFor()
})
