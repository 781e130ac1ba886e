/** Secrets are files where there is a choice: environment variables are inherited, and shown by process listings. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The secret `name` in `directory`; undefined where there is none, as with a database that asks for no password. */
export function readSecret(directory: string, name: string): string | undefined {
  try {
    return readFileSync(join(directory, name), 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
