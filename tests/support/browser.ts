/** Real Chromium for browser tests: one per file, a fresh profile per test, and an eye on what a page must never do. */

import type { BrowserContextOptions, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { chromiumPath, launchChromium } from '#scripts/engine/chromium.ts'
import { buildDashboard } from '#scripts/engine/dashboard.ts'
import type { RunningStack } from '#scripts/engine/stack.ts'
import { testStack } from './stack.ts'

export interface BrowserTest {
  readonly t: Test
  readonly page: Page
  readonly stack: RunningStack
  /** Another person with a profile of their own, in the same browser. */
  open(options?: BrowserContextOptions): Promise<Page>
}

/** What a page does in its own time on a machine that has none to spare. */
const patienceMs = 40_000

/** One per process, started when it is first needed. */
const once = <T>(make: () => Promise<T>) => {
  let made: Promise<T> | undefined
  return {
    get: () => {
      made ??= make()
      return made
    },
    made: () => made,
  }
}

const dashboard = once(buildDashboard)
const browser = once(launchChromium)

/**
 * A test in a page of its own. It fails, whatever it looked at, when the page threw, broke the content security policy or
 * asked anyone but the gateway for anything. Skipped, saying so, where there is no Chromium.
 */
export function browserTest(
  behaviour: string,
  work: (test: BrowserTest) => Promise<void>,
  options: BrowserContextOptions = {},
): void {
  const skip = chromiumPath === undefined && 'no Chromium on this machine: scripts/bootstrap.sh browser'
  t.test(behaviour, { skip, timeout: 0 }, async (t) => {
    await dashboard.get()
    const stack = await testStack()
    const faults: string[] = []
    const open = async (more: BrowserContextOptions = {}): Promise<Page> => {
      const context = await (await browser.get()).newContext({ baseURL: stack.gateway, ...options, ...more })
      t.teardown(() => context.close())
      const page = await context.newPage()
      page.setDefaultTimeout(patienceMs)
      watch(page, stack.gateway, faults)
      return page
    }
    await work({ t, page: await open(), stack, open })
    t.strictSame(faults, [], 'no page threw, broke its policy, or asked another host')
  })
}

t.teardown(async () => (await browser.made())?.close())

function watch(page: Page, origin: string, faults: string[]): void {
  page.on('pageerror', (error) => faults.push(`threw ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy/.test(message.text()))
      faults.push(message.text())
  })
  page.on('request', (request) => {
    const { protocol, origin: asked } = new URL(request.url())
    if (protocol.startsWith('http') && asked !== origin) faults.push(`asked ${request.url()}`)
  })
}
