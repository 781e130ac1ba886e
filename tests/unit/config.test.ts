import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import t from 'tap'
import { settings } from '#app/config.ts'
import { commaSeparated, loadConfig } from '#app/load-config.ts'
import { composeSettings } from '#scripts/settings/compose.ts'
import { settingGroups } from '#scripts/settings/groups.ts'
import { configurationPage } from '#scripts/settings/texts.ts'

const example = readFileSync(join(import.meta.dirname, '..', '..', '.env.example'), 'utf8')

const everySetting = [...Object.entries(settings), ...composeSettings.settings]

/** Each line of the problem that an environment causes. */
const problems = (env: Record<string, string>): string[] => {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : []
  }
}

t.test('.env.example names every setting once, in the same order, with its default', async (t) => {
  const lines = [...example.matchAll(/^#([A-Z0-9_]+)=(.*)$/gm)].map(([, name, value]) => [name, value])
  t.strictSame(
    lines,
    everySetting.map(([name, setting]) => [name, String(setting.default)]),
  )
})

t.test('.env.example says what each setting means, above it', async (t) => {
  const lines = example.split('\n')
  for (const [name, { description }] of everySetting) {
    const at = lines.findIndex((line) => line.startsWith(`#${name}=`))
    t.equal(lines[at - 1], `# ${description}`, name)
  }
})

t.test(
  'docs/configuration.md is made from the schema: otherwise run node scripts/env-example.ts',
  async (t) => {
    const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'configuration.md'), 'utf8')
    t.equal(page, configurationPage([...settingGroups(), composeSettings]))
  },
)

t.test('.env.example changes nothing, neither copied as it is nor with every # taken off', async (t) => {
  t.strictSame(parseEnv(example), {})
  t.strictSame(loadConfig(parseEnv(example.replace(/^#(?=[A-Z])/gm, ''))), loadConfig({}))
})

t.test('reads numbers, switches and choices, and leaves text alone', async (t) => {
  t.match(loadConfig({ PORT: '4000', DEMO: 'true', LOG_LEVEL: 'warn', INSTANCE_ID: '7', UNKNOWN: 'x' }), {
    PORT: 4000,
    DEMO: true,
    LOG_LEVEL: 'warn',
    INSTANCE_ID: '7',
  })
})

t.test('takes an empty variable for one that is not set', async (t) => {
  t.strictSame(loadConfig({ PORT: '', REDIS_URL: '' }), loadConfig({}))
})

t.test('names all wrong variables at once, one line each, with the value and the remedy', async (t) => {
  const env = {
    PORT: '70000',
    ENGINE: 'podman',
    DEMO: 'perhaps',
    REPLICAS: '0',
    CACHE_TTL: '1.5',
    PORT_BASE: 'x',
  }
  t.strictSame(problems(env).sort(), [
    'CACHE_TTL=1.5: must be a whole number from 1 to 1000000000 (time a cached answer stays fresh, in seconds)',
    'DEMO=perhaps: must be true or false (demo accounts, keys and data; loopback only; make run-local sets it)',
    'ENGINE=podman: must be one of auto, docker, native (what make run-local starts: containers, or processes of this machine)',
    'PORT=70000: must be a whole number from 1 to 65535 (port the replica listens on)',
    'PORT_BASE=x: must be a whole number from 0 to 65000 (moves every port: balancer N, replicas N+1 to N+3, gateway N+80; 0 keeps 3000, 3001 to 3003, 8080)',
    'REPLICAS=0: must be a whole number from 1 to 1000000000 (replicas behind the balancer; divides local limits while Redis is away)',
  ])
})

t.test('never repeats a value that may hold a password', async (t) => {
  const [database, redis, keys, ...others] = problems({
    DATABASE_URL: 'mysql://u:p4ss@h/n',
    REDIS_URL: 'p4ss',
    JWT_PRIVATE_KEYS: 'p4ss',
  })
  t.match(database, /^DATABASE_URL=\(hidden\): must be postgres:\/\//)
  t.match(redis, /^REDIS_URL=\(hidden\): must be redis:\/\//)
  t.match(keys, /^JWT_PRIVATE_KEYS=\(hidden\): must be Ed25519 private keys/)
  t.strictSame(others, [])
  t.notMatch(`${database}${redis}${keys}`, 'p4ss')
})

t.test('takes signing keys one after the other, over lines or in one', async (t) => {
  const pem = '-----BEGIN PRIVATE KEY-----\nMC4CAQA+/w==\n-----END PRIVATE KEY-----\n'
  const line = pem.replaceAll('\n', '\\n')
  for (const JWT_PRIVATE_KEYS of [pem, `${pem}\n${pem}`, line, line + line]) {
    t.match(loadConfig({ JWT_PRIVATE_KEYS }), { JWT_PRIVATE_KEYS })
  }
  for (const JWT_PRIVATE_KEYS of [pem.replace('PRIVATE', 'PUBLIC'), pem.slice(0, -12), `${pem}, ${pem}`]) {
    t.equal(problems({ JWT_PRIVATE_KEYS }).length, 1)
  }
})

t.test('refuses demo mode in production, beside whatever else is wrong', async (t) => {
  t.match(problems({ NODE_ENV: 'production', DEMO: 'true', PORT: '0' }), [/^PORT=0/, /^DEMO=true is refused/])
})

t.test('cannot be changed once it is read', async (t) => {
  t.throws(() => Object.assign(loadConfig({}), { PORT: 1 }), TypeError)
})

t.test('splits lists at commas, without the spaces and the gaps', async (t) => {
  t.strictSame(commaSeparated(' a, b,,c '), ['a', 'b', 'c'])
  t.strictSame(commaSeparated(''), [])
})
