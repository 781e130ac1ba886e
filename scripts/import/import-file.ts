/**
 * One file into Postgres, whole or not at all, in one transaction: its rows are staged a thousand at a time, checked
 * together, and inserted by one statement. The file's digest is recorded with them, so that it is not imported twice.
 */

import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { basename } from 'node:path'
import type { Database, Session } from '#kernel/database.ts'
import { anonymous } from '#kernel/principal.ts'
import { auditTrail } from '#modules/audit/index.ts'
import { recordsOf } from './records.ts'
import { cellTypes, rowCheck } from './row-check.ts'
import { targets } from './targets.ts'

export interface Problem {
  readonly line: number
  readonly problem: string
}

export type Imported =
  /** `first` and `last` id of the rows; other ids may lie between them. */
  | { readonly is: 'imported'; readonly rows: number; readonly first: number; readonly last: number }
  | { readonly is: 'known'; readonly rows: number; readonly at: string }
  /** Nothing was written. `problems` are the first ones, in the order of lines. */
  | { readonly is: 'refused'; readonly problems: readonly Problem[]; readonly count: number }

export interface ImportOptions {
  readonly file: string
  /** A name of `targets`. */
  readonly resource: string
  readonly problemsShown?: number
  /** Told after each thousand rows. */
  readonly progress?: (rows: number) => void
}

type Known = { readonly rows: number; readonly importedAt: string }
type Made = { readonly rows: number; readonly first: number; readonly last: number }

const rowsAtOnce = 1_000

/** Ends the transaction without its effect. */
class Refused extends Error {
  readonly outcome: Imported
  constructor(outcome: Imported) {
    super(outcome.is)
    this.outcome = outcome
  }
}

export async function importFile(database: Database, options: ImportOptions): Promise<Imported> {
  const digest = await digestOf(options.file)
  try {
    return await database.transaction((transaction) => importInto(transaction, options, digest))
  } catch (error) {
    if (error instanceof Refused) return error.outcome
    throw error
  }
}

async function importInto(session: Session, options: ImportOptions, digest: Buffer): Promise<Imported> {
  const { file, resource, problemsShown = 50, progress = () => {} } = options
  const target = targets[resource]
  if (!target) throw new Error(`no resource ${resource}`)
  // Two imports of one file wait for each other here; the second then finds what the first wrote.
  await session.text('select pg_advisory_xact_lock(hashtextextended($1, 0))', [digest.toString('hex')])
  const [known] = await session.text<Known>(
    'select rows, imported_at from imports where resource = $1 and digest = $2',
    [resource, digest],
  )
  if (known) return { is: 'known', rows: known.rows, at: known.importedAt }

  await session.text('create temporary table staged (line int, row jsonb) on commit drop')
  const problems = firstProblems(problemsShown)
  const problemsOf = rowCheck(target.schema)
  const hash = createHash('sha256')
  let rows = 0
  let batch: { line: number; row: object }[] = []
  const stage = async (): Promise<void> => {
    await session.text(
      `insert into staged select line, row from jsonb_to_recordset($1::text::jsonb) as r (line int, row jsonb)`,
      [JSON.stringify(batch)],
    )
    batch = []
    progress(rows)
  }
  for await (const record of recordsOf(file, cellTypes(target.schema), hash)) {
    rows += 1
    const found = 'problem' in record ? [record.problem] : problemsOf(record.value)
    problems.add(found.map((problem) => ({ line: record.line, problem })))
    if ('value' in record && found.length === 0) batch.push({ line: record.line, row: record.value })
    if (batch.length === rowsAtOnce) await stage()
  }
  if (batch.length > 0) await stage()
  if (!hash.digest().equals(digest)) throw new Error(`${file} changed while it was read`)
  for (const check of target.checks) problems.add(await session.text<Problem>(check))
  if (problems.count > 0) {
    throw new Refused({ is: 'refused', problems: problems.first(), count: problems.count })
  }

  const [made] = await session.text<Made>(
    `with made as (${target.insert})
     select count(*)::int as rows, coalesce(min(id), 0) as first, coalesce(max(id), 0) as last from made`,
  )
  if (made === undefined) throw new Error('an aggregate that returns one row returned none')
  await session.text('insert into imports (resource, digest, file_name, rows) values ($1, $2, $3, $4)', [
    resource,
    digest,
    basename(file),
    made.rows,
  ])
  const actor = { principal: anonymous, requestId: 'import', clientAddress: '' }
  await auditTrail.record(session, actor, {
    action: `${resource}.import`,
    target: resource,
    details: { ...made, file: basename(file) },
  })
  return { is: 'imported', ...made }
}

/** Keeps the first `limit` problems by line, counts all. */
function firstProblems(limit: number) {
  let kept: Problem[] = []
  let count = 0
  return {
    get count() {
      return count
    },
    add(more: readonly Problem[]): void {
      if (more.length === 0) return
      count += more.length
      kept = [...kept, ...more].sort((a, b) => a.line - b.line).slice(0, limit)
    },
    first: (): readonly Problem[] => kept,
  }
}

async function digestOf(file: string): Promise<Buffer> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest()
}
