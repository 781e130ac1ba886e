/** Imports point down. The table says who may import whom; every source file of the repository is read against it. */

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { type Layer, type Rules, staleExceptions, violations } from './support/import-rules.ts'

const root = join(import.meta.dirname, '..')
const manifest: { imports: Record<string, string> } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
)

const everything = ['kernel', 'platform', 'http', 'modules', 'schemas', 'config', 'entry']

const layer = (
  name: string,
  files: RegExp,
  imports: readonly string[],
  rest: Partial<Layer> = {},
): Layer => ({
  name,
  files,
  imports,
  packages: true,
  readsEnvironment: false,
  ...rest,
})

const rules: Rules = {
  aliases: manifest.imports,
  layers: [
    layer('kernel', /^app\/kernel\//, [], { packages: false }),
    layer('platform', /^app\/platform\//, ['kernel']),
    layer('http', /^app\/http\//, ['kernel']),
    layer('schemas', /^app\/modules\/.*\.schemas\.ts$/, ['http', 'platform', 'kernel', 'modules']),
    layer('modules', /^app\/modules\//, ['http', 'platform', 'kernel', 'schemas']),
    layer('client', /^app\/client\//, []),
    layer('dashboard', /^app\/dashboard\//, ['client', 'schemas']),
    layer('config', /^app\/(load-)?config\.ts$/, [], { readsEnvironment: true }),
    // compose.ts knows every name, but is handed its values like everyone else.
    layer('compose', /^app\/compose\.ts$/, everything),
    layer('entry', /^app\/[^/]+\.ts$/, [...everything, 'compose'], { readsEnvironment: true }),
    layer('scripts', /^scripts\//, [...everything, 'compose', 'tests'], { readsEnvironment: true }),
    layer('tests', /^tests\//, [...everything, 'client', 'dashboard', 'compose', 'scripts'], {
      readsEnvironment: true,
    }),
  ],
  exceptions: [],
}

const read = (pattern: string): Map<string, string> =>
  new Map(
    globSync(pattern, { cwd: root, exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path) })
      .filter((file) => !file.endsWith('.d.ts'))
      .map((file) => [file, readFileSync(join(root, file), 'utf8')]),
  )

const sources = read('{app,scripts,tests}/**/*.{ts,tsx}')

/** The table applied to one planted file. */
const planted = (file: string, source: string): string[] => violations(new Map([[file, source]]), rules)

t.test('no file imports what its layer may not', async (t) => {
  t.strictSame(violations(sources, rules), [])
})

t.test('each layer that the design names has files, so the rule is about something', async (t) => {
  for (const { name, files } of rules.layers) {
    t.ok(
      [...sources.keys()].some((file) => files.test(file)),
      name,
    )
  }
})

t.test('every exception is still needed', async (t) => {
  t.strictSame(staleExceptions(sources, rules), [])
})

t.test('does not pass when it has read nothing', async (t) => {
  t.strictSame(violations(new Map(), rules), ['no source file was found'])
})

t.test('a file that does not parse does not pass', async (t) => {
  t.throws(() => planted('app/kernel/x.ts', 'import {{'), SyntaxError)
})

t.test('a file in a folder of no layer is found', async (t) => {
  t.match(planted('app/', 'export {}'), [/belongs to no layer/])
})

const forbidden: readonly [what: string, file: string, source: string][] = [
  ['a package in the kernel', 'app/kernel/x.ts', "import pino from 'pino'"],
  ['a node: module in the kernel', 'app/kernel/x.ts', "import { hash } from 'node:crypto'"],
  ['a package type in the kernel', 'app/kernel/x.ts', "import type { Redis } from 'ioredis'"],
  ['a layer above', 'app/kernel/x.ts', "import { x } from '#http/x.ts'"],
  ['a type of a layer above', 'app/kernel/x.ts', "import type { X } from '#platform/x.ts'"],
  ['a layer above, for its side effect', 'app/kernel/x.ts', "import '#platform/x.ts'"],
  ['a layer above, re-exported', 'app/kernel/x.ts', "export { x } from '#platform/x.ts'"],
  ['a layer above, star re-exported', 'app/kernel/x.ts', "export * from '#platform/x.ts'"],
  ['a layer above, dynamically', 'app/http/x.ts', "const x = await import('#platform/x.ts')"],
  ['a layer above, in a type position', 'app/http/x.ts', "let x: import('#modules/items/index.ts').Item"],
  ['a layer above, required', 'app/http/x.ts', "const x = require('#platform/x.ts')"],
  ['a layer above, import = require', 'app/http/x.ts', "import x = require('#platform/x.ts')"],
  ['a dynamic import nobody can read', 'app/http/x.ts', "await import('#' + name)"],
  ['a layer above through the alias of the whole', 'app/http/x.ts', "import { x } from '#app/platform/x.ts'"],
  ['a layer above in a longer way round', 'app/http/x.ts', "import { x } from '#http/./../platform/x.ts'"],
  ['the same layer by ../', 'app/modules/items/x.ts', "import { x } from '../items/y.ts'"],
  ['an alias that does not exist', 'app/http/x.ts', "import { x } from '#nowhere/x.ts'"],
  [
    'the configuration below the entry points',
    'app/platform/x.ts',
    "import { loadConfig } from '#app/load-config.ts'",
  ],
  ['a module by another door', 'app/modules/items/x.ts', "import { x } from '#modules/users/users.store.ts'"],
  [
    'a module by another door, from above',
    'app/compose.ts',
    "import { x } from '#modules/users/users.store.ts'",
  ],
  ['scripts from the application', 'app/compose.ts', "import { x } from '#scripts/x.ts'"],
  ['an entry point from below', 'app/modules/items/x.ts', "import { x } from '#app/compose.ts'"],
  [
    'anything of ours but schemas, in the dashboard',
    'app/dashboard/x.tsx',
    "import { x } from '#kernel/errors.ts'",
  ],
  ['the environment', 'app/platform/x.ts', 'const port = process.env.PORT'],
  ['the environment, spelt otherwise', 'app/platform/x.ts', "const port = process['env'].PORT"],
  ['the environment, taken apart', 'app/platform/x.ts', 'const { env } = process'],
  ['the environment, imported', 'app/platform/x.ts', "import { env } from 'node:process'"],
  ['the environment in compose', 'app/compose.ts', 'const port = process.env.PORT'],
]

for (const [what, file, source] of forbidden) {
  t.test(`finds ${what}`, async (t) => {
    t.equal(planted(file, source).length, 1)
  })
}

const allowed: readonly [what: string, file: string, source: string][] = [
  [
    'the layer itself',
    'app/kernel/x.ts',
    "import { y } from './y.ts'\nimport { z } from '#kernel/cache/z.ts'",
  ],
  ['a layer below', 'app/modules/items/x.ts', "import { x } from '#http/x.ts'\nimport '#platform/x.ts'"],
  ['another module by its door', 'app/modules/items/x.ts', "import { users } from '#modules/users/index.ts'"],
  ['the inside of the same module', 'app/modules/items/x.ts', "import { Item } from './items.schemas.ts'"],
  [
    'the wire types, in the dashboard',
    'app/dashboard/x.tsx',
    "import type { I } from '#modules/items/items.schemas.ts'",
  ],
  ['the environment in an entry point', 'app/main.ts', 'loadConfig(process.env)'],
  [
    'words that only look like imports',
    'app/kernel/x.ts',
    "// import 'pino'\nconst text = \"import('pino') process.env\"",
  ],
]

for (const [what, file, source] of allowed) {
  t.test(`allows ${what}`, async (t) => {
    t.strictSame(planted(file, source), [])
  })
}
