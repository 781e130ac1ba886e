import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { loadConfig } from '#app/load-config.ts'
import { layoutOf, root } from '#scripts/engine/layout.ts'
import { disownRendered, fill, isRendered, renderNginx, variablesOf } from '#scripts/engine/nginx-config.ts'
import { nginxVariables, outlivesReload, type Tier, workersOf } from '#scripts/engine/nginx-variables.ts'

const tiers: readonly Tier[] = ['gateway', 'balancer']

const askedFor = (tier: Tier): string[] =>
  globSync('**/*.template', { cwd: join(root, 'nginx', tier) }).flatMap((file) =>
    variablesOf(readFileSync(join(root, 'nginx', tier, file), 'utf8')),
  )

t.test('fills in capitals and leaves what belongs to nginx', async (t) => {
  const template = `listen \${PORT}; set $uri \${http_host}; log $PORT;`
  t.equal(fill(template, { PORT: '80' }), `listen 80; set $uri \${http_host}; log $PORT;`)
})

t.test('an empty value is a value', async (t) => {
  t.equal(fill(`a\${EMPTY}b`, { EMPTY: '' }), 'ab')
})

t.test('refuses a template that asks for what nothing sets', async (t) => {
  t.throws(() => fill(`\${NOBODY_SETS_ME}`, {}), { name: 'EngineError', message: /NOBODY_SETS_ME/ })
})

t.test('names the template that asks for too much', async (t) => {
  const folder = t.testdir({ templates: { 'broken.conf.template': `\${MISSING}` } })
  const rendering = () => renderNginx(join(folder, 'templates'), join(folder, 'out'), {})
  t.throws(rendering, { message: /broken\.conf\.template.*MISSING/ })
})

t.test('keeps nothing of an earlier rendering', async (t) => {
  const folder = t.testdir({
    templates: { 'nginx.conf.template': `pid \${PID};` },
    out: { 'old.conf': 'gone' },
  })
  renderNginx(join(folder, 'templates'), join(folder, 'out'), { PID: '/run/x' })
  t.strictSame(globSync('*', { cwd: join(folder, 'out') }), ['nginx.conf'])
  t.equal(readFileSync(join(folder, 'out', 'nginx.conf'), 'utf8'), 'pid /run/x;')
})

t.test('knows whether nginx would read anything else if it were rendered again', async (t) => {
  const folder = t.testdir({
    templates: { 'nginx.conf.template': `pid \${PID};` },
    snippets: { 'a.conf': 'first' },
  })
  const [templates, out] = [join(folder, 'templates'), join(folder, 'out')]
  const variables = { PID: '/run/x', SNIPPETS_DIR: join(folder, 'snippets') }
  t.notOk(isRendered(templates, out, variables), 'never rendered')
  renderNginx(templates, out, variables)
  t.ok(isRendered(templates, out, variables))
  t.notOk(isRendered(templates, out, { ...variables, PID: '/run/y' }), 'another setting')
  writeFileSync(join(folder, 'snippets', 'a.conf'), 'second')
  t.notOk(isRendered(templates, out, variables), 'a snippet has changed')
  renderNginx(templates, out, variables)
  writeFileSync(join(templates, 'more.conf.template'), '')
  t.notOk(isRendered(templates, out, variables), 'a template has come')
  renderNginx(templates, out, variables)
  disownRendered(out)
  t.notOk(isRendered(templates, out, variables), 'it was not taken')
})

t.test('sets exactly what the templates of both tiers ask for', async (t) => {
  const layout = layoutOf(0, t.testdir())
  const set = tiers.flatMap((tier) => Object.keys(nginxVariables(tier, loadConfig({}), layout)))
  t.strictSame([...new Set(set)].sort(), [...new Set(tiers.flatMap(askedFor))].sort())
})

t.test('shares the three places of the balancer among fewer replicas', async (t) => {
  const layout = layoutOf(0, t.testdir())
  const { API_1, API_2, API_3 } = nginxVariables('balancer', loadConfig({ REPLICAS: '2' }), layout)
  t.equal(API_1, API_3)
  t.not(API_1, API_2)
})

t.test('knows which nginx keeps connections over a reload', async (t) => {
  for (const version of ['1.27.4', '1.27.5', '1.28.0', '1.30.6', '2.0.0'])
    t.ok(outlivesReload(version), version)
  for (const version of ['', '1.22.1', '1.26.3', '1.27.3']) t.notOk(outlivesReload(version), version)
})

t.test('one worker of each nginx for every three cores', async (t) => {
  t.strictSame([1, 2, 3, 4, 8, 64].map(workersOf), [1, 1, 1, 2, 3, 22])
})

t.test('turns settings into what nginx calls them', async (t) => {
  const config = loadConfig({
    EDGE_TRUSTED_PROXIES: '10.0.0.0/8, 192.168.0.0/16',
    EDGE_SIGN_IN_PER_MINUTE: '7',
    REQUEST_TIMEOUT_MS: '2500',
  })
  t.match(nginxVariables('gateway', config, layoutOf(0, t.testdir())), {
    TRUSTED_PROXY_DIRECTIVES: 'set_real_ip_from 10.0.0.0/8; set_real_ip_from 192.168.0.0/16;',
    EDGE_SIGN_IN_RETRY_AFTER: '9',
    BALANCER_READ_TIMEOUT: '5s',
    BALANCER_RETRY_WITHIN: '5s',
    GATEWAY_READ_TIMEOUT: '13s',
  })
})
