/** docker-compose.yml against app/config.ts: no setting is lost on the way into a container, no default differs. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '#app/load-config.ts'
import { composeSettings } from '#scripts/settings/compose.ts'

const root = join(import.meta.dirname, '..', '..')
const file = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
const defaults: Readonly<Record<string, unknown>> = loadConfig({})

// What starts the stack, a socket that containers do not share, and what the edge in front of them does.
const notForContainers = ['ENGINE', 'PORT_BASE', 'SOCKET_PATH', 'SERVE_CORS']

t.test('hands every setting on to a container', async (t) => {
  const handedOn = new Set([...file.matchAll(/\b([A-Z][A-Z0-9_]+):/g)].map(([, name]) => name))
  const left = Object.keys(defaults).filter((name) => !handedOn.has(name))
  t.same(left.sort(), notForContainers.sort())
})

t.test('repeats the defaults of the settings as they are', async (t) => {
  const repeated = [...file.matchAll(/^ +([A-Z][A-Z0-9_]+): \$\{\1:-(.*)\}$/gm)].filter(
    ([, name]) => name !== 'DEMO',
  )
  t.ok(repeated.length > 0)
  for (const [, name = '', value] of repeated) {
    if (name in defaults) t.equal(value, String(defaults[name]), name)
  }
})

t.test('starts a demo unless told otherwise, on loopback unless told otherwise', async (t) => {
  t.notMatch(file, /\$\{DEMO(?!:-true\})/)
  t.notMatch(file, /\$\{GATEWAY_BIND(?!:-127\.0\.0\.1\})/)
})

t.test(
  'reads nothing but settings and the variables of its own that .env.example lists, with their defaults',
  async (t) => {
    const development = readFileSync(join(root, 'deploy', 'docker', 'dev.yml'), 'utf8')
    const asked = new Map<string, string>()
    for (const [, name = '', value = ''] of `${file}${development}`.matchAll(/\$\{([A-Z_]+):-([^}]*)\}/g)) {
      if (!(name in defaults)) asked.set(name, value)
    }
    // Compose itself reads these, before any file.
    const ownOfCompose = ['COMPOSE_FILE', 'COMPOSE_PROJECT_NAME', 'COMPOSE_PROFILES']
    const listed = composeSettings.settings.filter(([name]) => !ownOfCompose.includes(name))
    t.strictSame([...asked].sort(), listed.map(([name, setting]) => [name, String(setting.default)]).sort())
    t.notMatch(file, /\$\{[A-Z_]+\}|(?<!\$)\$[A-Z]/, 'none without a default')
  },
)
