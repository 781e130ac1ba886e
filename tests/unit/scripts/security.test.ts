import t from 'tap'
import { judge } from '#scripts/security/audit.ts'
import {
  checkInstallScripts,
  checkLicences,
  checkSources,
  isAllowed,
  type LockedPackage,
} from '#scripts/security/lockfile.ts'
import { secretsIn } from '#scripts/security/secrets.ts'

const whole: LockedPackage = { version: '1.0.0', integrity: 'sha512-x', license: 'MIT' }
const locking = (entry: LockedPackage, root: LockedPackage = {}) => ({
  lockfileVersion: 3,
  packages: { '': root, 'node_modules/a': entry },
})
const without = (name: keyof LockedPackage): LockedPackage =>
  Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name))

// Put together here, so that this file holds no secret itself.
const planted: readonly [what: string, line: string][] = [
  ['a private key', `-----BEGIN ${'PRIVATE'} KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ`],
  ['an AWS access key', `id = ${'AKIA'}IOSFODNN7EXAMPL3`],
  ['a GitHub token', `${'gh'}p_${'a1'.repeat(18)}`],
  ['an npm token', `//registry/:_authToken=${'npm'}_${'a1'.repeat(18)}`],
  ['a signed token', `Bearer ${'eyJ'}hbGciOiJFZERTQSJ9.${'eyJ'}zdWIiOiIxMjM0NTY3ODkwIn0.${'a1'.repeat(20)}`],
  ['a password in an address', `postgres://sluice:${'hunter2'}hunter2@db.example.com/sluice`],
  ['a literal under a secret name', `SERVER_SECRET=${'k3'.repeat(20)}`],
  ['a literal under a secret name', `const apiKey = '${'k3'.repeat(20)}'`],
]

for (const [what, line] of planted) {
  t.test(`finds ${what} and does not repeat it`, async (t) => {
    const found = secretsIn('planted.txt', `first line\n${line}\n`)
    t.strictSame(found, [`planted.txt:2: looks like ${what}`])
  })
}

const innocent = [
  'password: string',
  "const token = request.headers.authorization?.slice('Bearer '.length) ?? ''",
  'postgres://sluice@127.0.0.1:54329/sluice',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is text to be read
  'postgres://${user}:${password}@db:5432/sluice',
  '"integrity": "sha512-0Bjim8lKwnrvXUHoI4k3Tb51BjoiLEwDnovCI8nSzkk6wj3dShiuAjrx6+X0Hjf4ejR1sRZgTQiSDHlpy9vB7w=="',
  'Authorization: Bearer dummy-token',
  `apiKey = '${'k3'.repeat(20)}' // not-a-secret`,
]

for (const line of innocent) {
  t.test(`leaves alone: ${line.slice(0, 50)}`, async (t) => {
    t.strictSame(secretsIn('innocent.txt', line), [])
  })
}

t.test('does not read binary files', async (t) => {
  t.strictSame(secretsIn('logo.png', `\0 ${planted[1]?.[1]}`), [])
})

t.test('accepts a package that is whole and comes from the registry', async (t) => {
  t.strictSame(checkSources(locking(whole)), { problems: [], notes: [] })
})

t.test('refuses a lockfile of nothing', async (t) => {
  t.equal(checkSources({ lockfileVersion: 3, packages: { '': {} } }).problems.length, 1)
})

const badSources: readonly [what: string, entry: LockedPackage, root?: LockedPackage][] = [
  ['without a hash', without('integrity')],
  ['with a weak hash', { ...whole, integrity: 'sha1-x' }],
  ['from an address', { ...whole, resolved: 'https://example.com/a.tgz' }],
  ['from git', { ...whole, resolved: 'git+ssh://git@example.com/a.git#1' }],
  ['that is a link', { link: true }],
  ['asked for by an address', whole, { dependencies: { a: 'https://example.com/a.tgz' } }],
  ['asked for from git', whole, { devDependencies: { a: 'github:x/a' } }],
  ['asked for from a folder', whole, { dependencies: { a: 'file:../a' } }],
  [
    'optional, for a platform that is deployed on, without a hash',
    { optional: true, os: ['linux'], cpu: ['x64'] },
  ],
]

for (const [what, entry, root] of badSources) {
  t.test(`refuses a package ${what}`, async (t) => {
    t.equal(checkSources(locking(entry, root)).problems.length, 1)
  })
}

t.test('mentions binaries for other platforms that have no hash', async (t) => {
  const { problems, notes } = checkSources(locking({ optional: true, os: ['darwin'], cpu: ['arm64'] }))
  t.strictSame(problems, [])
  t.match(notes, [/^1 binaries for other platforms/])
})

t.test('refuses an install script that nobody allowed', async (t) => {
  t.match(checkInstallScripts(locking({ ...whole, hasInstallScript: true })).problems, [/^a runs a script/])
  t.strictSame(
    checkInstallScripts({
      lockfileVersion: 3,
      packages: { 'node_modules/vite/node_modules/esbuild': { ...whole, hasInstallScript: true } },
    }),
    { problems: [], notes: [] },
  )
})

t.test('refuses a licence outside the list, and none at all', async (t) => {
  t.strictSame(checkLicences(locking(whole)).problems, [])
  t.match(checkLicences(locking({ ...whole, license: 'AGPL-3.0' })).problems, [/under AGPL-3.0/])
  t.match(checkLicences(locking(without('license'))).problems, [/no licence/])
})

t.test('reads licence expressions', async (t) => {
  t.ok(isAllowed('(WTFPL OR MIT)'))
  t.ok(isAllowed('(MIT AND Zlib)'))
  t.notOk(isAllowed('(MIT AND GPL-3.0)'))
  t.notOk(isAllowed('GPL-2.0 OR GPL-3.0'))
})

t.test('says plainly when the registry offers no audit', async (t) => {
  t.match(judge('{"message":"405 Method Not Allowed - POST https://r.example/x"}'), {
    problems: [],
    notes: [/^NOT CHECKED: .*405/],
  })
  t.match(judge(''), { problems: [], notes: [/^NOT CHECKED/] })
})

t.test('fails for grave vulnerabilities, mentions the others', async (t) => {
  const answer = { vulnerabilities: { a: { severity: 'high', fixAvailable: true }, b: { severity: 'low' } } }
  t.match(judge(JSON.stringify(answer)), { problems: [/^a: high; npm audit fix/], notes: [/^1 of lower/] })
  t.strictSame(judge('{"vulnerabilities":{}}'), { problems: [], notes: [] })
})
