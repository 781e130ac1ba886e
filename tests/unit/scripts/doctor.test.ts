import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { judgeVolume } from '#scripts/doctor/secrets.ts'
import { isAtLeast, judgeVersion, least } from '#scripts/doctor/versions.ts'
import { root } from '#scripts/engine/layout.ts'

const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

t.test('compares versions by their numbers, not by their letters', async (t) => {
  for (const version of ['24.12', '24.12.0', '24.100', '25', '100.0'])
    t.ok(isAtLeast(version, '24.12'), version)
  for (const version of ['24.9', '24.11.99', '24', '9.20']) t.notOk(isAtLeast(version, '24.12'), version)
})

t.test('finds the version in what each program says of itself', async (t) => {
  const said = [
    ['nginx', 'nginx version: nginx/1.22.1', 'nginx version: nginx/1.18.0'],
    ['redis-server', 'Redis server v=7.0.15 sha=00000000:0 bits=64', 'Redis server v=6.0.16 sha=0'],
    ['postgres', 'postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)', 'postgres (PostgreSQL) 13.2'],
    ['node', 'v24.21.0', 'v24.11.1'],
  ] as const
  for (const [program, good, old] of said) {
    t.equal(judgeVersion(program, good, good).fix, undefined, good)
    t.match(judgeVersion(program, old, old).fix, `${program} ${least[program]} or later`, old)
  }
  t.match(judgeVersion('nginx', 'it crashed', 'it crashed').fix, /1\.19\.5/, 'none at all')
})

t.test('asks for the same Node in package.json, in bootstrap.sh and in the doctor', async (t) => {
  const [major, minor] = least.node.split('.')
  t.equal(
    (JSON.parse(textOf('package.json')) as { engines: { node: string } }).engines.node,
    `>=${least.node}`,
  )
  t.match(textOf('scripts/bootstrap.sh'), `"$major" -eq ${major} ] && [ "$minor" -ge ${minor} ]`)
})

t.test('judges the secrets of a volume by what a replica sees of them', async (t) => {
  const whole =
    '600 server-key\n640 postgres-password\n640 postgres-app-password\n600 jwt/20260101T000000-abc.pem\n'
  t.strictSame(
    judgeVolume(whole).filter(({ fix }) => fix !== undefined),
    [],
  )
  t.match(judgeVolume('644 server-key\n600 jwt/a.pem\n'), [
    { subject: 'secret server-key', fact: /readable by others/, fix: /chmod 600/ },
    { subject: 'secret postgres-password', fact: /missing/, fix: 'make stop run-local' },
    { subject: 'secret postgres-app-password', fact: /missing/, fix: 'make stop run-local' },
    { subject: 'secret jwt/a.pem', fact: /private/ },
  ])
  t.match(judgeVolume(''), [{}, {}, {}, { subject: 'secret jwt/*.pem', fix: 'make stop run-local' }])
})
