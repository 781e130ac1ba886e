/** PostgreSQL's own programs against the stack's database: those of this machine, or those of its container. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { findPostgresBinary } from './binaries.ts'
import type { Compose } from './docker.ts'
import { EngineError } from './engine-error.ts'
import type { Command } from './process.ts'

type Program = 'pg_dump' | 'pg_restore' | 'psql'

/** Stand in for the program's standard input and output. */
interface Files {
  readonly input?: string
  readonly output?: string
}

export interface PostgresPrograms {
  /** The name of the database that serves. */
  readonly database: string
  /** @throws {EngineError} with what the program said */
  run(program: Program, database: string, args: readonly string[], files?: Files): Promise<void>
}

/** On the database at `url`. Whoever reads the list of processes must not read the password. */
export function programsAt({ url }: { readonly url: string }): PostgresPrograms {
  const address = new URL(url)
  const password = decodeURIComponent(address.password)
  address.password = ''
  return {
    database: decodeURIComponent(address.pathname.slice(1)),
    run(program, database, args, files) {
      address.pathname = `/${database}`
      const command: Command = {
        program: findPostgresBinary(program),
        args: [`--dbname=${address.href}`, ...args],
        env: { PATH: process.env.PATH ?? '', LC_ALL: 'C', PGPASSWORD: password },
      }
      return finished(program, command, files)
    },
  }
}

/** In the container of Postgres: as its own version understands its files. */
export const programsIn = (compose: Compose): PostgresPrograms => ({
  database: 'sluice',
  run(program, database, args, files) {
    const inside = [program, '--username=sluice', `--dbname=${database}`, ...args]
    return finished(program, compose.command('exec', '-T', 'postgres', ...inside), files)
  },
})

async function finished(
  name: Program,
  { program, args, cwd, env }: Command,
  { input, output }: Files = {},
): Promise<void> {
  const reading = input === undefined ? undefined : openSync(input, 'r')
  const writing = output === undefined ? undefined : openSync(output, 'w', 0o600)
  try {
    const child = spawn(program, args, {
      cwd,
      env,
      stdio: [reading ?? 'ignore', writing ?? 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr?.on('data', (bytes) => {
      said += bytes
    })
    const [status] = await once(child, 'close')
    if (status !== 0) throw new EngineError(`${name} failed: ${said.trim()}`)
  } finally {
    for (const file of [reading, writing]) if (file !== undefined) closeSync(file)
  }
}
