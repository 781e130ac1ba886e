/** The dashboard for everyone: by keyboard alone, on a phone, in the dark. */

import type { Locator, Page } from 'playwright-core'
import { browserTest } from '#tests/support/browser.ts'
import { addresses, admin, heading, menu, openAddress, signIn, visit } from '#tests/support/dashboard.ts'

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  const focused = wanted.and(page.locator(':focus'))
  for (let presses = 0; presses < 80; presses += 1) {
    if ((await focused.count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${wanted}`)
}

browserTest('everything is reached by keyboard: sign-in, a page, a dialog and back', async ({ page }) => {
  await page.goto('/')
  await tabTo(page, page.getByLabel('Email'))
  await page.keyboard.type(admin.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(admin.password)
  await page.keyboard.press('Enter')
  await heading(page, 'Overview').waitFor()
  await tabTo(page, menu(page).getByRole('link', { name: 'Items' }))
  await page.keyboard.press('Enter')
  await heading(page, 'Items').waitFor()
  const button = page.getByRole('button', { name: 'New item' })
  await tabTo(page, button)
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'New item' })
  await tabTo(page, dialog.getByLabel('Title'))
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  await button.and(page.locator(':focus')).waitFor()
})

browserTest(
  'on a phone the menu is a drawer and no page is wider than the screen',
  async ({ t, page }) => {
    await signIn(page)
    await page.getByRole('button', { name: 'Menu' }).click()
    await visit(page, 'Items')
    for (const address of await addresses(page)) {
      await openAddress(page, address)
      t.ok(Number(await page.evaluate('document.documentElement.scrollWidth')) <= 360, address)
    }
  },
  { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true },
)

browserTest(
  'the dark of the system is taken over, and a choice of one’s own is kept',
  async ({ t, page }) => {
    const brightness = async () => {
      const colour = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'))
      return Math.max(...(colour.match(/\d+(\.\d+)?/g) ?? []).slice(0, 3).map(Number))
    }
    await signIn(page)
    t.ok((await brightness()) < 64)
    await page.getByRole('radio', { name: 'Light' }).check({ force: true })
    t.ok((await brightness()) > 200)
    await page.reload()
    await menu(page).waitFor()
    t.ok((await brightness()) > 200)
  },
  { colorScheme: 'dark' },
)
