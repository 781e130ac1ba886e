/** docs/runbooks: one page for each alert, found by its link, and none for alerts that are gone. */

import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import t from 'tap'
import { root } from '#scripts/engine/layout.ts'
import { alerts } from '#tests/support/monitoring-files.ts'

const folder = join(root, 'docs', 'runbooks')
const link = /^\{\{ \$externalLabels\.runbooks \}\}\/([a-z-]+\.md)$/

t.test('every alert says how bad it is, what happened and where to read on', async (t) => {
  const linked = new Set(['README.md'])
  for (const { alert, labels, annotations } of alerts()) {
    t.ok(['page', 'ticket', 'none'].includes(labels.severity ?? ''), `${alert} has a severity`)
    t.ok((annotations.summary ?? '').length > 10, `${alert} has a summary`)
    const [, page = ''] = link.exec(annotations.runbook_url ?? '') ?? []
    linked.add(page)
    const text = readFileSync(join(folder, page), 'utf8')
    t.match(text, new RegExp(`\\b${alert}\\b`), `${page} is about ${alert}`)
    for (const section of ['## What it means', '## Look', '## Do'])
      t.ok(text.includes(section), `${page}: ${section}`)
  }
  const pages = globSync('*.md', { cwd: folder }).map((file) => basename(file))
  t.same(pages.sort(), [...linked].sort(), 'no page without an alert')
})

t.test('the list of runbooks names every alert', async (t) => {
  const list = readFileSync(join(folder, 'README.md'), 'utf8')
  for (const { alert } of alerts()) t.match(list, new RegExp(`\\b${alert}\\b`))
})
