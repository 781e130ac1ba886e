/** What people do in the dashboard, by the names they read on the screen. */

import { setTimeout as delay } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'

export interface Person {
  readonly email: string
  readonly password: string
}

export const admin: Person = { email: 'admin@example.com', password: 'admin123' }
export const user: Person = { email: 'user@example.com', password: 'user123' }

/** Signs in by the form. The edge allows so many a minute; whoever is told to wait does, and tries again. */
export async function signIn(page: Page, { email, password }: Person = admin): Promise<void> {
  await page.goto('/')
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password').fill(password)
  for (;;) {
    const answered = page.waitForResponse(/\/auth\/login/)
    await page.getByRole('button', { name: 'Sign in' }).click()
    const answer = await answered
    if (answer.status() !== 429) break
    await delay(1_000 * Number(answer.headers()['retry-after'] ?? 3))
  }
  await menu(page).waitFor({ state: 'attached' })
}

/** On a narrow screen it is hidden until it is opened. */
export const menu = (page: Page): Locator =>
  page.getByRole('navigation', { name: 'Pages', includeHidden: true })

/** Goes to a page of the menu and waits for its heading. */
export async function visit(page: Page, title: string): Promise<void> {
  await menu(page).getByRole('link', { name: title, exact: true }).click()
  await heading(page, title).waitFor()
}

export const heading = (page: Page, title: string): Locator =>
  page.getByRole('main').getByRole('heading', { level: 1, name: title, exact: true })

/** A row of the table on the page, by a text in it. */
export const row = (page: Page, text: string | RegExp): Locator =>
  page.getByRole('main').getByRole('row').filter({ hasText: text })

/** Where each page of the menu is. */
export async function addresses(page: Page): Promise<string[]> {
  const links = await menu(page).getByRole('link', { includeHidden: true }).all()
  const found = await Promise.all(links.map((link) => link.getAttribute('href')))
  return found.filter((address) => address !== null).filter((address) => address.startsWith('#'))
}

/** Opens one of them and waits until what it loads is there. */
export async function openAddress(page: Page, address: string): Promise<void> {
  await page.goto(`/${address}`)
  await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor()
  await page.getByRole('status', { name: 'Loading' }).first().waitFor({ state: 'detached' })
}
