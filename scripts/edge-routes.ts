/**
 * Writes the edge's public list from the application's routes, so that the two cannot disagree.
 *   node scripts/edge-routes.ts           writes nginx/snippets/routes.map
 *   node scripts/edge-routes.ts --check   says whether it is up to date, exit 1 if not
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compose } from '#app/compose.ts'
import { loadConfig } from '#app/config.ts'
import type { RouteEntry } from '#http/route-table.ts'

const file = join(import.meta.dirname, '..', 'nginx', 'snippets', 'routes.map')

const head = `# Routes that need no credential, and those of them that count as signing in. Everything else is protected.
# Inputs: method:path, HEAD written as GET, /api/x as /api/v1/x. A plain line is found by hash, a \`~\` line is tried in turn.
# Result: public or sign-in. Generated from the application's routes by scripts/edge-routes.ts; do not edit.

`

/** The map's text. Only /api/ has a gate at the edge; the paths beside it have locations of their own. */
export const edgeRoutes = (routes: readonly RouteEntry[]): string =>
  head +
  routes
    .filter(({ access, path }) => access === 'public' && path.startsWith('/api/'))
    .map(({ method, path, edgeZone }) => `${pattern(method, path)} ${edgeZone ?? 'public'};\n`)
    .sort((a, b) => (a.replaceAll(/[~^]/g, '') < b.replaceAll(/[~^]/g, '') ? -1 : 1))
    .join('')

const pattern = (method: string, path: string): string =>
  path.includes(':')
    ? `"~^${method}:${path.replaceAll('.', '\\.').replaceAll(/:[A-Za-z]+/g, '[^/]+')}\\z"`
    : `"${method}:${path}"`

if (import.meta.main) {
  const application = await compose(loadConfig({ ...process.env, DEMO: 'false', LOG_LEVEL: 'silent' }))
  const text = edgeRoutes(application.routes)
  await application.close()
  const isCurrent = readFileSync(file, 'utf8') === text
  if (process.argv.includes('--check')) {
    console.log(
      isCurrent
        ? 'edge-routes: up to date'
        : 'edge-routes: nginx/snippets/routes.map is old; run node scripts/edge-routes.ts',
    )
    process.exitCode = isCurrent ? 0 : 1
  } else {
    writeFileSync(file, text)
    console.log(isCurrent ? 'edge-routes: nothing to do' : 'edge-routes: wrote nginx/snippets/routes.map')
  }
}
