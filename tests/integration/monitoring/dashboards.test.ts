/** Grafana's files, as far as they can be judged without Grafana: shape, every query parsed, every metric known. */

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import { locate } from '#scripts/engine/binaries.ts'
import { dashboardQueries, dashboards, readYaml } from '#tests/support/monitoring-files.ts'

const run = promisify(execFile)

const DataSource = Type.Object({ type: Type.String(), uid: Type.String() })
const Panel = Type.Object({
  id: Type.Integer({ minimum: 1 }),
  type: Type.Union(['row', 'stat', 'timeseries', 'table', 'logs'].map((name) => Type.Literal(name))),
  title: Type.String({ minLength: 1 }),
  gridPos: Type.Object({
    x: Type.Integer({ minimum: 0, maximum: 23 }),
    y: Type.Integer({ minimum: 0 }),
    w: Type.Integer({ minimum: 1, maximum: 24 }),
    h: Type.Integer({ minimum: 1 }),
  }),
  datasource: Type.Optional(DataSource),
  targets: Type.Optional(
    Type.Array(
      Type.Object({ refId: Type.String(), expr: Type.String({ minLength: 1 }), datasource: DataSource }),
    ),
  ),
})
const Shape = Type.Object({
  uid: Type.String({ pattern: '^sluice-[a-z-]+$' }),
  title: Type.String({ pattern: '^Sluice: ' }),
  schemaVersion: Type.Integer({ minimum: 36 }),
  panels: Type.Array(Panel, { minItems: 4 }),
  templating: Type.Object({ list: Type.Array(Type.Object({ name: Type.String(), type: Type.String() })) }),
})

t.test('the four dashboards have the shape Grafana reads, and no two panels in one place', async (t) => {
  const all = dashboards()
  t.same(
    all.map(({ uid }) => uid).sort(),
    ['cache-and-limits', 'database', 'overview', 'replica'].map((name) => `sluice-${name}`),
  )
  for (const dashboard of all) {
    t.same([...Value.Errors(Shape, dashboard)].slice(0, 3), [], dashboard.title)
    const taken = new Set<string>()
    for (const { title, gridPos, targets = [], type } of dashboard.panels) {
      t.equal(type === 'row', targets.length === 0, `${title} asks something`)
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          if (taken.has(`${x} ${y}`)) t.fail(`${dashboard.title}: ${title} lies on another`)
          taken.add(`${x} ${y}`)
        }
      }
    }
  }
})

t.test('every panel asks a data source that is provisioned', async (t) => {
  const { datasources } = readYaml<{ datasources: readonly { uid: string; type: string }[] }>(
    'grafana/provisioning/datasources/datasources.yml',
  )
  const known = datasources.map(({ uid, type }) => `${type} ${uid}`)
  for (const { title, panels } of dashboards()) {
    for (const { datasource, title: panel } of panels) {
      if (datasource) t.ok(known.includes(`${datasource.type} ${datasource.uid}`), `${title}: ${panel}`)
    }
  }
})

const withoutPromtool =
  locate('promtool') === undefined
    ? { skip: 'promtool is not installed: the queries were not parsed (scripts/bootstrap.sh monitoring)' }
    : {}

t.test('Prometheus can parse every query', withoutPromtool, async (t) => {
  const rules = dashboardQueries().map(({ expr }, index) => ({ record: `panel:${index}`, expr }))
  // JSON is YAML too.
  const folder = t.testdir({ 'queries.yml': JSON.stringify({ groups: [{ name: 'panels', rules }] }) })
  const { stdout } = await run('promtool', ['check', 'rules', join(folder, 'queries.yml')])
  t.match(stdout, new RegExp(`SUCCESS: ${rules.length} rules found`))
})
