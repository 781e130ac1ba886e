/**
 * Takes the pictures of the README anew, of a stack of its own under a light load: `node scripts/screenshots.ts`.
 * Two minutes: as long as the charts look back.
 */

import { mkdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import autocannon from 'autocannon'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { paths } from '#tests/load/scenarios.ts'
import { openAddress, signIn } from '#tests/support/dashboard.ts'
import { ownPortBase } from '#tests/support/stack-variable.ts'
import { launchChromium } from './engine/chromium.ts'
import { command } from './engine/command.ts'
import { buildDashboard } from './engine/dashboard.ts'
import { EngineError } from './engine/engine-error.ts'
import { endedByInterrupt } from './engine/interrupt.ts'
import { root } from './engine/layout.ts'
import { startStack } from './engine/stack.ts'

const folder = join(root, 'docs/images')
const maxBytes = 150_000
const loadSeconds = 150
const watchedSeconds = 110

const wide: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, colorScheme: 'light' }
const dark: BrowserContextOptions = { ...wide, colorScheme: 'dark' }
const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 720 },
  colorScheme: 'light',
  isMobile: true,
}

const pictures = [
  { name: 'overview', address: '#/overview', options: wide },
  { name: 'topology', address: '#/topology', options: dark },
  { name: 'phone', address: '#/topology', options: phone },
] as const

await command(async () => {
  mkdirSync(folder, { recursive: true })
  await buildDashboard()
  await using stack = endedByInterrupt(await startStack({ portBase: ownPortBase() }))
  const load = autocannon({
    url: stack.gateway,
    duration: loadSeconds,
    connections: 4,
    overallRate: 60,
    requests: paths.map((path) => ({
      method: 'GET',
      path,
      headers: { authorization: 'Bearer dummy-token' },
    })),
  })
  const browser = await launchChromium()
  try {
    const pages = await Promise.all(pictures.map(({ options }) => signedIn(browser, stack.gateway, options)))
    await delay(watchedSeconds * 1_000)
    for (const [index, { name, address }] of pictures.entries()) {
      const page = pages[index]
      if (page) await take(page, address, join(folder, `${name}.png`))
    }
  } finally {
    await browser.close()
    await load
  }
})

async function signedIn(browser: Browser, baseURL: string, options: BrowserContextOptions): Promise<Page> {
  const page = await (await browser.newContext({ ...options, baseURL, reducedMotion: 'reduce' })).newPage()
  await signIn(page)
  return page
}

async function take(page: Page, address: string, path: string): Promise<void> {
  await openAddress(page, address)
  // The stream's first pictures are there, and nothing moves any more.
  await page.getByRole('status').filter({ hasText: 'Live' }).first().waitFor()
  await page.evaluate('document.fonts.ready')
  await delay(2_000)
  await page.screenshot({ path })
  const { size } = statSync(path)
  console.log(`${relative(root, path)}  ${Math.round(size / 1_000)} kB`)
  if (size > maxBytes) throw new EngineError(`${path} is above ${maxBytes / 1_000} kB`)
}
