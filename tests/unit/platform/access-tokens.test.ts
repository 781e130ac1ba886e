/** Which tokens are accepted: ours, of a key in the folder, in time, and nothing that asks to be believed about its key. */

import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type AccessTokens, accessTokens } from '#platform/access-tokens.ts'
import { keysInFolder, keysInText } from '#platform/signing-keys.ts'
import { rotateKeys } from '#scripts/rotate-keys.ts'
import { ensureSecrets } from '#scripts/secrets.ts'
import { fakeClock } from '#tests/support/clock.ts'

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid
const claims = { sub: '7', sid: 12, role: 'user', tier: 'free', permissions: [] } as const
const options = { issuer: 'sluice', audience: 'sluice-api', ttlSeconds: 900 }

async function open(t: { teardown(callback: () => void): void }) {
  const secrets = mkdtempSync(join(tmpdir(), 'sluice-tokens-'))
  t.teardown(() => rmSync(secrets, { recursive: true }))
  ensureSecrets(secrets)
  const directory = join(secrets, 'jwt')
  const clock = fakeClock()
  const tokens = await accessTokens({ ...options, keys: keysInFolder(directory), now: clock.now })
  const kid = readdirSync(directory)[0]?.replace('.pem', '') ?? ''
  return { directory, clock, tokens, kid, pem: readFileSync(join(directory, `${kid}.pem`), 'utf8') }
}

const encode = (value: object | string): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const now = (): number => Math.floor(Date.now() / 1000)
const payload = (changes: object = {}) => ({
  ...claims,
  iss: 'sluice',
  aud: 'sluice-api',
  iat: now(),
  exp: now() + 900,
  ...changes,
})
const forge = (header: object, body: object, key: KeyObject | string): string => {
  const input = `${encode(header)}.${encode(body)}`
  return `${input}.${signBytes(null, Buffer.from(input), key).toString('base64url')}`
}
const isRefused = (t: Test, tokens: AccessTokens, token: string, name: string) =>
  t.rejects(tokens.verify(token), { code: 'invalid_token' }, name)

t.test('a token of ours says what was signed into it', async (t) => {
  const { tokens, kid, pem } = await open(t)
  const token = await tokens.sign(claims)
  t.match(await tokens.verify(token), {
    ...claims,
    iss: 'sluice',
    aud: 'sluice-api',
    exp: Number,
    iat: Number,
  })
  t.match(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()), {
    alg: 'EdDSA',
    typ: 'at+jwt',
    kid,
  })
  await t.resolves(
    tokens.verify(forge({ alg: 'EdDSA', typ: 'at+jwt', kid }, payload(), pem)),
    'the forge works',
  )
})

t.test('anything else is refused', async (t) => {
  const { tokens, kid, pem } = await open(t)
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid }
  const stranger = generateKeyPairSync('ed25519')
  const publicPem = createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString()
  const publicJwk = stranger.publicKey.export({ format: 'jwk' })
  const good = forge(header, payload(), pem)
  const [head = '', body = '', signature = ''] = good.split('.')
  const hmac = (alg: string, digest: string): string => {
    const input = `${encode({ ...header, alg })}.${encode(payload())}`
    return `${input}.${createHmac(digest, publicPem).update(input).digest('base64url')}`
  }
  const { sub: _sub, ...withoutSub } = payload()
  const { exp: _exp, ...withoutExp } = payload()
  const table: Record<string, string> = {
    'alg none, no signature': `${encode({ ...header, alg: 'none' })}.${body}.`,
    'alg none, some signature': `${encode({ ...header, alg: 'none' })}.${body}.${signature}`,
    'alg nOnE': `${encode({ ...header, alg: 'nOnE' })}.${body}.${signature}`,
    'no signature': `${head}.${body}.`,
    'HMAC with the public key, HS256': hmac('HS256', 'sha256'),
    'HMAC with the public key, HS512': hmac('HS512', 'sha512'),
    'ES256 named, EdDSA signed': forge({ ...header, alg: 'ES256' }, payload(), pem),
    'the key of a stranger under our kid': forge(header, payload(), stranger.privateKey),
    'an unknown kid': forge({ ...header, kid: 'unknown' }, payload(), pem),
    'no kid': forge({ alg: 'EdDSA', typ: 'at+jwt' }, payload(), pem),
    'a kid that is a path': forge({ ...header, kid: `../jwt/${kid}` }, payload(), pem),
    'a kid that is not text': forge({ ...header, kid: [kid] }, payload(), pem),
    'jwk in the header': forge({ ...header, jwk: publicJwk }, payload(), stranger.privateKey),
    'jku in the header': forge({ ...header, jku: 'https://evil.example/jwks' }, payload(), pem),
    'x5u in the header': forge({ ...header, x5u: 'https://evil.example/x5u' }, payload(), pem),
    'x5c in the header': forge({ ...header, x5c: ['MII'] }, payload(), pem),
    'crit in the header': forge({ ...header, crit: ['exp'] }, payload(), pem),
    'b64 false in the header': forge({ ...header, b64: false, crit: ['b64'] }, payload(), pem),
    'another typ': forge({ ...header, typ: 'JWT' }, payload(), pem),
    'wrong iss': forge(header, payload({ iss: 'another' }), pem),
    'wrong aud': forge(header, payload({ aud: 'another' }), pem),
    expired: forge(header, payload({ iat: now() - 1_000, exp: now() - 1 }), pem),
    'not yet valid': forge(header, payload({ nbf: now() + 60 }), pem),
    'exp that is text': forge(header, payload({ exp: '9999999999' }), pem),
    'no exp': forge(header, withoutExp, pem),
    'no sub': forge(header, withoutSub, pem),
    'a changed body': `${head}.${encode(payload({ sub: '1' }))}.${signature}`,
    truncated: good.slice(0, -10),
    'a truncated body': `${head}.${body.slice(0, -5)}.${signature}`,
    oversized: forge(header, payload({ padding: 'x'.repeat(5_000) }), pem),
    'two parts': `${head}.${body}`,
    'four parts': `${good}.${signature}`,
    'a header that is not JSON': `${encode('{')}.${body}.${signature}`,
    'a header that is null': `${encode('null')}.${body}.${signature}`,
    'a body that is not JSON': `${head}.${encode('{')}.${signature}`,
    empty: '',
    dots: '..',
  }
  for (const [name, token] of Object.entries(table)) await isRefused(t, tokens, token, name)
})

t.test(
  'a rotation keeps old tokens good and signs new ones with the new key, without a restart',
  async (t) => {
    const { directory, clock, tokens, kid } = await open(t)
    const other = await accessTokens({ ...options, keys: keysInFolder(directory), now: clock.now })
    const before = await tokens.sign(claims)
    rotateKeys(directory, 900, Date.now() + 1_000)
    clock.advance(5_000)
    const after = await tokens.sign(claims)
    t.equal(kidOf(before), kid)
    t.not(kidOf(after), kid)
    await t.resolves(tokens.verify(before))
    await t.resolves(other.verify(after), 'a replica that has not looked yet looks when it meets the new key')
    t.equal((await tokens.jwks()).keys.length, 2)
    t.notOk(JSON.stringify(await tokens.jwks()).includes('"d"'), 'no private half is published')
  },
)

t.test('a key that was taken out of the folder is no longer accepted', async (t) => {
  const { directory, clock, tokens, kid } = await open(t)
  const token = await tokens.sign(claims)
  rotateKeys(directory, 900, Date.now() + 1_000)
  rmSync(join(directory, `${kid}.pem`))
  clock.advance(5_000)
  await isRefused(t, tokens, token, 'removed')
})

t.test('an empty folder refuses to start', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-tokens-'))
  t.teardown(() => rmSync(directory, { recursive: true }))
  await t.rejects(accessTokens({ ...options, keys: keysInFolder(directory), now: () => 0 }), /no signing key/)
})

const newPem = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const ofText = (text: string) => accessTokens({ ...options, keys: keysInText(text), now: () => 0 })

t.test('keys may come as a text: the first signs, all are accepted', async (t) => {
  const [one, two] = [newPem(), newPem()]
  const [before, after, last] = [await ofText(one), await ofText(two + one), await ofText(two)]
  const [older, newer] = [await before.sign(claims), await after.sign(claims)]
  t.not(kidOf(newer), kidOf(older))
  await t.resolves(after.verify(older))
  await t.resolves(last.verify(newer), 'the same key has the same id everywhere')
  await isRefused(t, last, older, 'a key that was taken out')
  t.strictSame(
    new Set((await after.jwks()).keys.map(({ kid }) => kid)),
    new Set([kidOf(older), kidOf(newer)]),
  )
  t.notOk(JSON.stringify(await after.jwks()).includes('"d"'), 'no private half is published')
})

t.test('a text of keys may be one line, as in an environment file', async (t) => {
  const pem = newPem()
  const [lines, line] = [await ofText(pem), await ofText(pem.replaceAll('\n', '\\n'))]
  await t.resolves(line.verify(await lines.sign(claims)))
})

t.test('a text of other keys, or of none, is refused', async (t) => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  t.throws(() => keysInText(rsa.export({ type: 'pkcs8', format: 'pem' }).toString()), /not Ed25519/)
  t.throws(() => keysInText('-----BEGIN PRIVATE KEY-----\nbm8=\n-----END PRIVATE KEY-----'))
  await t.rejects(ofText('no key'), /no signing key/)
})

t.test('the id of a key in a text is its thumbprint (RFC 8037, appendix A.3)', async (t) => {
  const pem = createPrivateKey({
    key: {
      kty: 'OKP',
      crv: 'Ed25519',
      d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
      x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    },
    format: 'jwk',
  })
  const text = pem.export({ type: 'pkcs8', format: 'pem' }).toString()
  t.strictSame(await keysInText(text).ids(), ['kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k'])
})
