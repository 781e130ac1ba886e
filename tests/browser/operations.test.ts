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
