import { join } from 'node:path'
import t from 'tap'
import { layoutOf } from '#scripts/engine/layout.ts'
import { fingerprintOf, localSettings, readSettings } from '#scripts/engine/settings.ts'

const nowhere = '/nowhere/.env'

t.test('lets the environment win over .env', async (t) => {
  const folder = t.testdir({ '.env': 'CACHE_TTL=5\nRATE_LIMIT_FREE=7\n' })
  const { config } = readSettings({ CACHE_TTL: '9' }, join(folder, '.env'))
  t.match(config, { CACHE_TTL: 9, RATE_LIMIT_FREE: 7 })
})

t.test('says of each bad value where it stands', async (t) => {
  const folder = t.testdir({ '.env': 'RATE_LIMIT_FREE=many\n' })
  const reading = () => readSettings({ CACHE_TTL: 'long' }, join(folder, '.env'))
  t.throws(reading, { name: 'EngineError', message: /^RATE_LIMIT_FREE=many.*mend it in \.env$/m })
  t.throws(reading, { message: /^CACHE_TTL=long.*mend it in the environment$/m })
})

t.test('names what .env sets and nothing reads', async (t) => {
  const folder = t.testdir({ '.env': 'CAHCE_TTL=5\n' })
  t.strictSame(readSettings({}, join(folder, '.env')).unknown, ['CAHCE_TTL'])
})

t.test('knows what only docker-compose.yml reads, and hands it on', async (t) => {
  const folder = t.testdir({
    '.env': 'COMPOSE_FILE=docker-compose.yml:mine.yml\nIMAGE_TAG=7\nPOSTGRES_PORT=5\n',
  })
  t.match(readSettings({}, join(folder, '.env')), {
    unknown: [],
    given: { COMPOSE_FILE: 'docker-compose.yml:mine.yml', IMAGE_TAG: '7', POSTGRES_PORT: '5' },
  })
})

t.test('takes no address from the shell: somebody else may have put it there', async (t) => {
  const env = { DATABASE_URL: 'postgres://production/orders', REDIS_URL: 'redis://production', PORT: 'x' }
  t.strictSame(readSettings(env, nowhere).given, {})
})

t.test('turns the demo on where nobody spoke of it, and lets its own pages in', async (t) => {
  const { config } = localSettings({}, nowhere)
  t.match(config, { DEMO: true, CORS_ORIGINS: 'http://localhost:8080,http://localhost:5173' })
})

t.test('leaves the demo off when told so, and in production', async (t) => {
  t.equal(localSettings({ DEMO: 'false' }, nowhere).config.DEMO, false)
  t.equal(localSettings({ NODE_ENV: 'production' }, nowhere).config.DEMO, false)
})

t.test('gives equal settings one fingerprint, whatever their order', async (t) => {
  t.equal(fingerprintOf({ A: '1', B: '2' }), fingerprintOf({ B: '2', A: '1' }))
  t.not(fingerprintOf({ A: '1' }), fingerprintOf({ A: '2' }))
})

t.test('moves every port and the state with PORT_BASE', async (t) => {
  const folder = t.testdir()
  const [usual, moved] = [layoutOf(0, folder), layoutOf(22_000, folder)]
  t.match(usual.ports, { gateway: 8080, balancer: 3000, replicas: [3001, 3002, 3003] })
  t.match(moved.ports, {
    gateway: 22_080,
    balancer: 22_000,
    replicas: [22_001, 22_002, 22_003],
    postgres: 22_032,
  })
  t.equal(moved.state, join(folder, '22000'))
})

t.test('keeps sockets where their paths are short enough for the kernel', async (t) => {
  const deep = join(t.testdir(), 'a'.repeat(120))
  const { run } = layoutOf(0, deep)
  t.ok(Buffer.byteLength(join(run, 'supervisor.sock')) < 104)
  t.equal(layoutOf(0, deep).run, run, 'the same each time')
})
