/** The dashboard is built once for all, and a first visit stays small. */

import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { buildDashboard } from '#scripts/engine/dashboard.ts'
import { root } from '#scripts/engine/layout.ts'

const dist = join(root, 'app', 'dashboard', 'dist')

await buildDashboard()

t.test('is not built again when nothing has changed', async (t) => {
  t.equal(await buildDashboard(), 'unchanged')
})

t.test('the page holds no inline script, style or address of somebody else', async (t) => {
  const page = readFileSync(join(dist, 'index.html'), 'utf8')
  t.match(page, /<script [^>]*src="\/assets\//)
  t.notMatch(page, /<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=|https?:/)
})

t.test('up to the overview, a first visit fetches less than 200 kB', async (t) => {
  const scripts = globSync('assets/{index,shared,rolldown-runtime,line-chart,overview}-*.{js,css}.gz', {
    cwd: dist,
  })
  const fonts = globSync('assets/inter-latin-wght-*.woff2', { cwd: dist })
  t.equal(fonts.length, 1)
  t.ok(scripts.length >= 8, 'the parts are known by these names')
  const bytes = [...scripts, ...fonts, 'index.html', 'theme.js', 'icon.svg'].reduce(
    (sum, file) => sum + statSync(join(dist, file)).size,
    0,
  )
  t.ok(bytes < 200_000, `${bytes} bytes`)
})

t.test('every script and style has its compressed form beside it', async (t) => {
  for (const file of globSync('assets/*.{js,css}', { cwd: dist }))
    t.ok(existsSync(join(dist, `${file}.gz`)), file)
})
