/**
 * Writes the types of the client from the application's routes, so that the two cannot disagree.
 *   node scripts/client.ts           writes app/client/schema.ts
 *   node scripts/client.ts --check   says whether it is up to date, exit 1 if not
 */

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { contractOfTheCode } from './client/document.ts'
import { schemaOf } from './client/generate.ts'
import { root } from './engine/layout.ts'

export const schemaFile = join(root, 'app/client/schema.ts')

if (import.meta.main) {
  const text = await schemaOf(await contractOfTheCode())
  const isCurrent = read(schemaFile) === text
  if (process.argv.includes('--check')) {
    console.log(
      isCurrent ? 'client: up to date' : 'client: app/client/schema.ts is old; run node scripts/client.ts',
    )
    process.exitCode = isCurrent ? 0 : 1
  } else {
    writeFileSync(schemaFile, text)
    console.log(isCurrent ? 'client: nothing to do' : 'client: wrote app/client/schema.ts')
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
