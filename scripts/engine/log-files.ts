/** One log file per process, kept from growing without end. */

import { copyFileSync, readdirSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

const maxBytes = 20 * 1024 * 1024

/**
 * Keeps one older part, `<name>.log.1`, of each log that has grown past 20 MiB. Copied and cut, not renamed: the
 * processes keep the file open and append. A line written between the two calls is lost.
 */
export function rotateLogs(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    if (!name.endsWith('.log') || statSync(file).size < maxBytes) continue
    copyFileSync(file, `${file}.1`)
    truncateSync(file)
  }
}
