/**
 * Writes the edge's public list from the application's routes, so that the two cannot disagree.
 *   node scripts/edge-routes.ts           writes nginx/snippets/routes.map
 *   node scripts/edge-routes.ts --check   says whether it is up to date, exit 1 if not
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compose } from '#app/compose.ts'
import { loadConfig } from '#app/load-config.ts'
import type { RouteEntry } from '#http/route-table.ts'
import { ensureSecrets } from './secrets.ts'

const file = join(import.meta.dirname, '..', 'nginx', 'snippets', 'routes.map')

const head = `# Routes that need no credential, and those of them that count as signing in. Everything else is protected.
# Inputs: a path, where all its methods are public, so that the application can answer 405 to the others; else method:path.
#         HEAD counts as GET, /api/x as /api/v1/x. A plain line is found by hash, a \`~\` line is tried in turn.
# Result: public or sign-in. Generated from the application's routes by scripts/edge-routes.ts; do not edit.

`

/** The map's text. Only /api/ has a gate at the edge; the paths beside it have locations of their own. */
export function edgeRoutes(routes: readonly RouteEntry[]): string {
  const guarded = new Set(routes.filter(({ access }) => access !== 'public').map(({ path }) => path))
  const lines = routes
    .filter(({ access, path }) => access === 'public' && path.startsWith('/api/'))
    .map(({ method, path, edgeZone }) => {
      const key = pattern(guarded.has(path) ? `${method}:` : '', path)
      return `${key} ${edgeZone ?? 'public'};\n`
    })
  return head + [...new Set(lines)].sort(byPath).join('')
}

const pattern = (method: string, path: string): string =>
  path.includes(':')
    ? `"~^${method}${path.replaceAll('.', '\\.').replaceAll(/:[A-Za-z]+/g, '[^/]+')}\\z"`
    : `"${method}${path}"`

const byPath = (a: string, b: string): number => (sortKey(a) < sortKey(b) ? -1 : 1)
const sortKey = (line: string): string => line.replaceAll(/[~^"]|[A-Z]+:/g, '')

if (import.meta.main) {
  // Nothing is asked of Postgres or Redis for this; secrets of a moment are enough to compose.
  const SECRETS_DIR = mkdtempSync(join(tmpdir(), 'sluice-edge-routes-'))
  ensureSecrets(SECRETS_DIR)
  const application = await compose(
    loadConfig({ ...process.env, SECRETS_DIR, DEMO: 'false', LOG_LEVEL: 'silent' }),
  )
  const text = edgeRoutes(application.routes)
  await application.close()
  rmSync(SECRETS_DIR, { recursive: true })
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
