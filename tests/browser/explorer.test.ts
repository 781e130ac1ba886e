/** The API explorer at /docs: a person gives a token, tries an example, and sees what the API answers. */

import type { Locator, Page } from 'playwright-core'
import { browserTest } from '#tests/support/browser.ts'

/** The block of one operation, opened. */
async function operation(page: Page, id: string): Promise<Locator> {
  const block = page.locator(`[id$="-${id}"].opblock`)
  await block.locator('.opblock-summary-control').click()
  await block.getByRole('button', { name: 'Execute' }).waitFor()
  return block
}

/** Sends the request as it stands, and gives the status that came back. */
async function execute(block: Locator): Promise<string> {
  await block.getByRole('button', { name: 'Execute' }).click()
  const status = await block.locator('.live-responses-table tbody .response-col_status').textContent()
  return (status ?? '').replace(/\D/g, '')
}

async function authorize(page: Page, token: string): Promise<void> {
  await page.getByRole('button', { name: 'Authorize' }).click()
  const dialog = page.locator('.dialog-ux')
  const bearer = dialog.locator('.auth-container', { hasText: 'bearer' }).first()
  await bearer.getByRole('textbox').fill(token)
  await bearer.getByRole('button', { name: 'Apply credentials' }).click()
  await bearer.getByRole('button', { name: 'Remove authorization' }).waitFor()
  await dialog.getByRole('button', { name: 'Close' }).first().click()
}

browserTest(
  'an operation that needs a credential is refused without, and answers with the token typed in',
  async ({ t, page }) => {
    await page.goto('/docs')
    const me = await operation(page, 'getMe')
    t.equal(await execute(me), '401')
    await authorize(page, 'admin-token-dev')
    await me.getByRole('button', { name: 'Clear' }).click()
    t.equal(await execute(me), '200')
    await me.getByText('admin@example.com').first().waitFor()
  },
)

browserTest('an example is sent as it stands, and what was made can be read', async ({ t, page }) => {
  await page.goto('/docs')
  await authorize(page, 'admin-token-dev')
  t.equal(await execute(await operation(page, 'postItems')), '201')
  t.equal(await execute(await operation(page, 'getItemsById')), '200')
  t.equal(await execute(await operation(page, 'getSearchItems')), '200')
})

browserTest('a token is gone with the page', async ({ t, page }) => {
  await page.goto('/docs')
  await authorize(page, 'admin-token-dev')
  await page.reload()
  t.equal(await execute(await operation(page, 'getMe')), '401')
})
