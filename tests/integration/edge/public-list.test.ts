/** The edge's list of public routes is the one the application's routes give. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { edgeRoutes } from '#scripts/edge-routes.ts'
import { application } from '#tests/support/application.ts'

const { routes } = await application(t)

t.test('nginx/snippets/routes.map is up to date: node scripts/edge-routes.ts writes it', (t) => {
  const root = join(import.meta.dirname, '..', '..', '..')
  const committed = readFileSync(join(root, 'nginx', 'snippets', 'routes.map'), 'utf8')
  t.strictSame(edgeRoutes(routes).split('\n'), committed.split('\n'))
  t.end()
})
