/** Every page of the dashboard by the rules that axe knows, in both themes. */

import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { browserTest } from '#tests/support/browser.ts'
import { addresses, openAddress, signIn } from '#tests/support/dashboard.ts'

/** What axe calls serious or critical, one line each. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations } = (await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] })',
  )) as axe.AxeResults
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(' ')}`))
}

for (const colorScheme of ['light', 'dark'] as const) {
  browserTest(
    `axe finds no serious fault on any page, ${colorScheme}`,
    async ({ t, page }) => {
      await page.goto('/')
      await page.getByLabel('Email').waitFor()
      t.strictSame(await faults(page), [], 'sign-in')
      await signIn(page)
      const all = await addresses(page)
      t.ok(all.length >= 10, `${all.length} pages`)
      for (const address of all) {
        await openAddress(page, address)
        t.strictSame(await faults(page), [], address)
      }
    },
    { colorScheme },
  )
}
