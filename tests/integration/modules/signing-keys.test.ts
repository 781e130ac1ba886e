/** Keys that sign access tokens, from the environment. */

import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { compose } from '#app/compose.ts'
import { loadConfig } from '#app/load-config.ts'
import { ensureSecrets } from '#scripts/secrets.ts'
import { application } from '#tests/support/application.ts'

t.test('signing keys of the environment take the place of those in the folder', async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { anonymous } = await application(t, () => ({ JWT_PRIVATE_KEYS: pem }))
  const someone = { email: 'someone@example.org', password: 'a long enough phrase', name: 'Someone' }
  const { body } = await anonymous.post<{ token: string }>('/api/v1/auth/register', someone)
  const headers = { authorization: `Bearer ${body.token}` }
  t.match(await anonymous.get('/api/v1/me', { headers }), { status: 200 })
  const { x } = publicKey.export({ format: 'jwk' })
  const { keys } = (await anonymous.get<{ keys: object[] }>('/.well-known/jwks.json')).body
  t.match(keys, [{ x }])
  t.equal(keys.length, 1)
})

t.test('what is no Ed25519 key stops the start without being repeated', async (t) => {
  const secrets = mkdtempSync(join(tmpdir(), 'sluice-keys-'))
  t.teardown(() => rmSync(secrets, { recursive: true }))
  ensureSecrets(secrets)
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const pem = rsa.export({ type: 'pkcs8', format: 'pem' }).toString()
  await t.rejects(compose(loadConfig({ JWT_PRIVATE_KEYS: pem, SECRETS_DIR: secrets })), {
    name: 'ConfigError',
    message: 'JWT_PRIVATE_KEYS=(hidden): not every one is an Ed25519 private key',
  })
})
