/** Writes `.env.example` from app/config.ts, in its order and with its groups: `node scripts/env-example.ts`. */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { settings } from '#app/config.ts'

const root = join(import.meta.dirname, '..')

// The names of the groups are comments of the schema, so they are read from its text.
const groupBefore = new Map<string, string>()
let group: string | undefined
for (const line of readFileSync(join(root, 'app/config.ts'), 'utf8').split('\n')) {
  group = /^ {2}\/\/ (.+)$/.exec(line)?.[1] ?? group
  const name = /^ {2}([A-Z0-9_]+):/.exec(line)?.[1]
  if (!name || !group) continue
  groupBefore.set(name, group)
  group = undefined
}

const blocks = Object.entries(settings).map(([name, { default: value, description }]) => {
  const heading = groupBefore.has(name) ? `\n## ${groupBefore.get(name)}\n` : ''
  return `${heading}\n# ${description}\n#${name}=${value}\n`
})
writeFileSync(
  join(root, '.env.example'),
  `# Every setting with its default. Copy to .env and take the # off the lines you change; empty means the default.\n${blocks.join('')}`,
)
