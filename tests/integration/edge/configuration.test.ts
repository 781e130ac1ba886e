/** The templates as files: nginx accepts what they render to, and the README names every value they need. */

import { spawnSync } from 'node:child_process'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import { locate } from '#scripts/engine/binaries.ts'
import { variablesOf } from '#scripts/engine/nginx-config.ts'
import {
  edgeFolder,
  edgeVariables,
  nginxArguments,
  renderEdge,
  startEdge,
  type Tier,
} from './support/edge.ts'
import { ask } from './support/http.ts'

const sources = resolve(import.meta.dirname, '../../../nginx')
const templates = globSync('*/*.template', { cwd: sources })
const snippets = globSync('snippets/*', { cwd: sources }).filter((path) => /\.(conf|map)$/.test(path))

const check = (folder: string, tier: Tier) =>
  spawnSync(locate('nginx') ?? 'nginx', ['-t', ...nginxArguments(folder, tier)], { encoding: 'utf8' })

t.test('nginx accepts both tiers, with sockets and with the values of the containers', async (t) => {
  const inContainers = {
    STATUS_LISTEN: '8081',
    GATEWAY_LISTEN: '8080',
    BALANCER_LISTEN: '3000',
    BALANCER_INTERNAL_LISTEN: '3080',
    BALANCER_UPSTREAM: '172.30.0.11:3080',
    API_1: '172.30.0.21:3001',
    API_2: '172.30.0.22:3002',
    API_3: '172.30.0.23:3003',
    BALANCING_METHOD: 'least_conn;',
    CORS_ORIGINS: '',
    TRUSTED_PROXY_DIRECTIVES: 'set_real_ip_from 10.0.0.0/8; set_real_ip_from fd00::/8; ',
  }
  for (const more of [{}, inContainers]) {
    const folder = edgeFolder(t)
    renderEdge(folder, { ...edgeVariables(folder, 8080, 3000), ...more })
    for (const tier of ['gateway', 'balancer'] as const) {
      const { status, stderr } = check(folder, tier)
      t.equal(status, 0, stderr)
      t.notMatch(stderr, /\[warn\]/)
    }
  }
})

t.test('the README names every value that a template asks for, and no other', async (t) => {
  const asked = templates.flatMap((path) => variablesOf(readFileSync(join(sources, path), 'utf8')))
  const tables = readFileSync(join(sources, 'README.md'), 'utf8').split('## Values')[1] ?? ''
  const named = [...tables.matchAll(/^\| ((?:`[A-Z_0-9]+` ?)+)\|/gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/[A-Z_0-9]+/g)].map(([name]) => name),
  )
  t.strictSame([...new Set(asked)].sort(), [...named].sort())
})

t.test('snippets need no value, and each file opens with what it is for, takes and gives', async (t) => {
  for (const path of [...templates, ...snippets]) {
    const text = readFileSync(join(sources, path), 'utf8')
    t.match(text, /^# \S[\s\S]*?\n# Inputs: [\s\S]*?\n# Result: /, path)
    if (path.startsWith('snippets/')) t.strictSame(variablesOf(text), [], path)
  }
})

t.test(
  'no route that signs in is a reading one: those are not looked up for the sign-in limit',
  async (t) => {
    const routes = readFileSync(join(sources, 'snippets/routes.map'), 'utf8')
    const signIns = routes.split('\n').filter((line) => line.endsWith(' sign-in;'))
    t.ok(signIns.length > 0)
    for (const line of signIns) t.notMatch(line, /GET:|HEAD:/)
  },
)

t.test('serves the dashboard once it is built: hashed files for a year, the page revalidated', async (t) => {
  const edge = await startEdge(t)
  t.match((await ask<string>(edge.gatewayPort, '/')).body, /has not been built yet/)
  const dashboard = join(edge.folder, 'dashboard')
  mkdirSync(join(dashboard, 'assets'), { recursive: true })
  writeFileSync(join(dashboard, 'index.html'), '<title>dashboard</title>')
  writeFileSync(join(dashboard, 'assets/app-1a2b.js'), '1')

  const page = await ask<string>(edge.gatewayPort, '/')
  t.match(page, {
    status: 200,
    body: /dashboard/,
    headers: { 'cache-control': 'no-cache', 'content-type': 'text/html; charset=utf-8' },
  })
  const etag = page.headers.etag ?? ''
  // Its headers replace those of the page that the browser kept: a stricter policy would leave the page without script.
  t.match(await ask(edge.gatewayPort, '/', { headers: { 'if-none-match': etag } }), {
    status: 304,
    headers: { 'content-security-policy': page.headers['content-security-policy'] },
  })

  const script = await ask(edge.gatewayPort, '/assets/app-1a2b.js')
  t.match(script.headers, {
    'cache-control': 'public, max-age=31536000, immutable',
    'content-type': 'text/javascript; charset=utf-8',
    'x-content-type-options': 'nosniff',
  })
  writeFileSync(join(dashboard, 'icon.svg'), '<svg/>')
  const icon = await ask(edge.gatewayPort, '/icon.svg')
  t.match(icon.headers, {
    'cache-control': 'no-cache',
    'content-type': 'image/svg+xml',
    'x-content-type-options': 'nosniff',
    'content-security-policy': /default-src 'none'/,
  })

  const missing = await ask(edge.gatewayPort, '/assets/app-0000.js')
  t.match(missing, { status: 404, headers: { 'cache-control': 'no-store' } })
  for (const path of [
    '/../balancer-error.log',
    '/assets/../../balancer-error.log',
    '/%2e%2e/balancer-error.log',
  ]) {
    t.not((await ask(edge.gatewayPort, path)).status, 200, path)
  }
})
