/** The dashboard as a person uses it: in and out, and their things. */

import { browserTest } from '#tests/support/browser.ts'
import { admin, heading, menu, row, signIn, user, visit } from '#tests/support/dashboard.ts'

/** What an access token, a refresh token and an API key look like, and what a cookie of ours is called. */
const secrets = /eyJ|slr\.|slc_|refresh/i

browserTest(
  'who signs in stays signed in over a reload, and keeps no token where scripts find it',
  async ({ t, page }) => {
    const signedIn = page.waitForResponse((answer) => /\/auth\/login/.test(answer.url()) && answer.ok())
    await signIn(page)
    const { token } = await (await signedIn).json()
    const cookies = await page.context().cookies()
    const refresh = cookies.find(({ name }) => name === '__Secure-refresh')
    // Else the look below could not find them.
    for (const real of [token, refresh?.value]) t.match(real, secrets)
    t.equal(refresh?.httpOnly, true)

    await heading(page, 'Overview').waitFor()
    await page.reload()
    await heading(page, 'Overview').waitFor()
    const stored = await page.evaluate(
      'JSON.stringify({ ...localStorage, ...sessionStorage }) + document.cookie',
    )
    t.match(stored, /signed-in/, 'the look reaches what is stored')
    t.notMatch(stored, secrets)
  },
)

browserTest('a wrong password is said at the form, and what was typed stays', async ({ t, page }) => {
  await page.goto('/')
  await page.getByLabel('Email').fill(admin.email)
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('alert').waitFor()
  t.equal(await page.getByLabel('Email').inputValue(), admin.email)
})

browserTest('what is refused about a field is said at the field, and as a whole', async ({ t, page }) => {
  await page.goto('/')
  await page.getByRole('button', { name: 'Make an account' }).click()
  await page.getByLabel('Name').fill('A second Ann')
  await page.getByLabel('Email').fill(admin.email)
  await page.getByLabel('Password').fill('walnut cupboard by the window')
  await page.getByRole('button', { name: 'Make an account' }).click()
  await page.getByText('This address is taken.').waitFor()
  const email = page.getByLabel('Email')
  t.equal(await email.getAttribute('aria-invalid'), 'true')
  const note = await email.getAttribute('aria-describedby')
  t.equal(await page.locator(`[id="${note}"]`).textContent(), 'is taken')
})

browserTest('a user without admin rights sees their own pages only', async ({ t, page }) => {
  await signIn(page, user)
  await visit(page, 'Items')
  t.equal(await menu(page).getByRole('link', { name: 'Topology' }).count(), 0)
  await page.goto('/#/topology')
  await page.getByText('There is no such page').waitFor()
})

browserTest('an item is made, found by a misspelt word, changed and deleted', async ({ t, page }) => {
  const title = `Walnut cupboard ${Date.now()}`
  await signIn(page)
  await visit(page, 'Items')
  await page.getByRole('button', { name: 'New item' }).click()
  const made = page.getByRole('dialog', { name: 'New item' })
  await made.getByLabel('Title').fill(title)
  await made.getByLabel('Price').fill('129.50')
  await made.getByRole('button', { name: 'Make item' }).click()
  await made.waitFor({ state: 'detached' })

  await page.getByLabel('Search').fill(`walnit ${title.split(' ').at(-1)}`)
  const found = row(page, title)
  await found.first().waitFor()
  t.match(await found.first().textContent(), /129\.50/)
  await found.first().getByRole('button').first().click()
  const opened = page.getByRole('dialog', { name: title })
  await opened.getByLabel('Price').fill('99')
  await opened.getByRole('button', { name: 'Save' }).click()
  await opened.waitFor({ state: 'detached' })
  await row(page, '99.00').first().waitFor()

  await row(page, title).first().getByRole('button').first().click()
  await opened.getByRole('button', { name: 'Delete' }).click()
  await page
    .getByRole('dialog', { name: `Delete ${title}?` })
    .getByRole('button', { name: 'Delete' })
    .click()
  await row(page, title).waitFor({ state: 'detached' })
})

browserTest('a session that is revoked elsewhere is signed out by itself', async ({ page, open }) => {
  const other = await open({
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  })
  await signIn(other)
  await visit(other, 'Topology')
  await signIn(page)
  await visit(page, 'Sessions')
  await row(page, 'Firefox').filter({ hasNotText: 'this one' }).getByRole('button').first().click()
  await other.getByText('Your session has ended').waitFor()
  await other.getByLabel('Email').waitFor()
  await heading(page, 'Sessions').waitFor()
})
