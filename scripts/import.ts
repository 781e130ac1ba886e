/** Reads users, resources or items from a file: `node scripts/import.ts --help`. */

import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Config } from '#app/config.ts'
import { loadConfig } from '#app/load-config.ts'
import { EVERYTHING } from '#kernel/coherence/coherence.ts'
import { forgetCached, namesOf } from './import/forget-cached.ts'
import { type Imported, importFile } from './import/import-file.ts'
import { isReadable } from './import/records.ts'
import { targets } from './import/targets.ts'
import { openDatabase } from './open-database.ts'

const help = `make import RESOURCE=items FILE=scripts/samples/items.csv
node scripts/import.ts --resource <${Object.keys(targets).join('|')}> <file.csv|file.ndjson>

Reads a file, whole or not at all. A row has the members that POST /api/v1/<resource> takes; resources and
items also ownerEmail, the address of an account. CSV: the first line names the members, an empty cell leaves
one out, metadata is JSON. NDJSON: one object a line. Users come without a password: they set their own by a reset.

Every mistake is told with its line, the first 50 of them. The same file again is recognised and changes
nothing, so an import that was cut off is simply started again. Exit 1: nothing was written.
`

const number = (value: number): string => value.toLocaleString('en')

function told(outcome: Imported, file: string, resource: string): string[] {
  if (outcome.is === 'imported') return [`import: ${number(outcome.rows)} ${resource} from ${file}`]
  if (outcome.is === 'known')
    return [`import: ${file} was imported at ${outcome.at} (${number(outcome.rows)} rows): nothing to do`]
  const { problems, count } = outcome
  const lines = problems.map(({ line, problem }) => `${file}:${line}: ${problem}`)
  if (count > problems.length) lines.push(`and ${number(count - problems.length)} more`)
  return [...lines, `import: nothing was written, ${number(count)} to mend`]
}

async function run(config: Config, resource: string, file: string): Promise<void> {
  const target = targets[resource]
  if (!target) throw new Error(`--resource is one of ${Object.keys(targets).join(', ')}`)
  if (!isReadable(file) || !statSync(file, { throwIfNoEntry: false })?.isFile())
    throw new Error(`${file || 'no file'}: must be a file that ends in .csv, .ndjson or .jsonl`)
  // A file takes as long as it takes; whoever started it can end it.
  const postgres = openDatabase(config, 'import', { maxConnections: 2, statementTimeoutMs: 0 })
  try {
    const progress = (rows: number) => {
      if (rows % 10_000 === 0) console.error(`import: ${number(rows)} rows read`)
    }
    const outcome = await importFile(postgres, { file, resource, progress })
    if (outcome.is !== 'refused') {
      // Also for a file that is known: the import that wrote it may have ended before it came to this.
      const names = outcome.is === 'imported' ? namesOf(target.key, target.tag, outcome) : [EVERYTHING]
      const isReached = await forgetCached(names, postgres, {
        url: config.REDIS_URL,
        prefix: config.REDIS_PREFIX,
        timeoutMs: config.REDIS_TIMEOUT_MS,
      })
      if (!isReached)
        console.error(
          `import: Redis does not answer; lists may be old for ${config.CACHE_TTL} s after it is back`,
        )
    }
    const lines = told(outcome, file, resource)
    for (const line of lines) outcome.is === 'refused' ? console.error(line) : console.log(line)
    process.exitCode = outcome.is === 'refused' ? 1 : 0
  } finally {
    await postgres.close()
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { resource: { type: 'string', default: '' }, help: { type: 'boolean', short: 'h' } },
})
if (values.help) process.stdout.write(help)
else {
  await run(loadConfig(process.env), values.resource, positionals[0] ?? '').catch((error: unknown) => {
    console.error(`import: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  })
}
