import { createPrivateKey } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ensureSecrets } from '#scripts/secrets.ts'

const contents = (folder: string) =>
  new Map(
    globSync('**/*', { cwd: folder })
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )

t.test('makes a signing key, a server key and two passwords, for the owner alone', async (t) => {
  const folder = t.testdir()
  t.equal(ensureSecrets(folder).length, 4)
  for (const name of contents(folder).keys()) t.equal(statSync(join(folder, name)).mode & 0o777, 0o600, name)
  const [key = ''] = globSync('jwt/*.pem', { cwd: folder })
  t.equal(createPrivateKey(readFileSync(join(folder, key))).asymmetricKeyType, 'ed25519')
  t.equal(Buffer.from(readFileSync(join(folder, 'server-key'), 'utf8'), 'base64url').length, 32)
})

t.test('changes nothing that is there', async (t) => {
  const folder = t.testdir()
  ensureSecrets(folder)
  const before = contents(folder)
  t.strictSame(ensureSecrets(folder), [])
  t.strictSame(contents(folder), before)
})

t.test('makes what is missing alone', async (t) => {
  const folder = t.testdir({ 'server-key': 'mine' })
  t.equal(ensureSecrets(folder).length, 3)
  t.equal(readFileSync(join(folder, 'server-key'), 'utf8'), 'mine')
})
