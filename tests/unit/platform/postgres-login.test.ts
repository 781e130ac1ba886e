/** Whose password goes with which address. */

import t from 'tap'
import { applicationPassword, isApplicationsAddress, signInAt } from '#platform/postgres-login.ts'

const secrets = { 'postgres-password': "the owner's\n", 'postgres-app-password': "the application's\n" }

t.test('the password is that of whom the address names', async (t) => {
  const folder = t.testdir(secrets)
  for (const servers of ['db:5432', 'db-1:5432,db-2:5432', '[::1]:5432']) {
    t.same(signInAt(folder, `postgres://sluice@${servers}/sluice`), { password: "the owner's" })
    t.same(signInAt(folder, `postgres://sluice_app@${servers}/sluice`), { password: "the application's" })
  }
  t.equal(applicationPassword(folder), "the application's")
})

t.test('an address that has a password keeps it', async (t) => {
  t.same(signInAt(t.testdir(secrets), 'postgres://sluice_app:own@db:5432/sluice'), {})
})

t.test('where no password is kept, none is given', async (t) => {
  const folder = t.testdir({})
  t.same(signInAt(folder, 'postgres://sluice_app@db/sluice'), {})
  t.equal(applicationPassword(folder), undefined)
})

t.test('only the address of sluice_app is the one of the application', async (t) => {
  t.ok(isApplicationsAddress('postgresql://sluice_app@db-1,db-2/sluice?host=/run'))
  t.ok(isApplicationsAddress('postgres://sluice_app:p@db/sluice'))
  for (const url of [
    'postgres://sluice@db/sluice_app@x',
    'postgres://db/sluice',
    'postgres://sluice_app2@db/s',
  ])
    t.notOk(isApplicationsAddress(url), url)
})
