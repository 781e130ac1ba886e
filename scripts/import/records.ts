/** The records of a file, one after the other, with the line each begins on. A file of any size takes little memory. */

import type { Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { pipeline, Readable } from 'node:stream'
import { CsvError, parse } from 'csv-parse'

export type FileRecord =
  | { readonly line: number; readonly value: Record<string, unknown> }
  | { readonly line: number; readonly problem: string }

/** JSON types by member; how a CSV cell is read. */
export type CellTypes = Readonly<Record<string, readonly string[]>>

/** By the ending of the name: `.csv`, or `.ndjson` and `.jsonl`. `hash` is fed with every byte. */
export function recordsOf(file: string, cells: CellTypes, hash: Hash): AsyncGenerator<FileRecord> {
  const bytes = Readable.from(hashed(file, hash))
  return /\.csv$/i.test(file) ? csvRecords(bytes, cells) : ndjsonRecords(bytes)
}

export const isReadable = (file: string): boolean => /\.(csv|ndjson|jsonl)$/i.test(file)

async function* hashed(file: string, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk)
    yield chunk
  }
}

async function* ndjsonRecords(bytes: Readable): AsyncGenerator<FileRecord> {
  let line = 0
  for await (const text of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1
    const json = line === 1 ? text.replace(/^\uFEFF/, '') : text
    if (json.trim() !== '') yield { line, ...objectIn(json) }
  }
}

function objectIn(json: string): { value: Record<string, unknown> } | { problem: string } {
  try {
    const value: unknown = JSON.parse(json)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { value: value as Record<string, unknown> }
    }
  } catch {}
  return { problem: 'is not a JSON object' }
}

async function* csvRecords(bytes: Readable, cells: CellTypes): AsyncGenerator<FileRecord> {
  const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true }
  const rows = pipeline(bytes, parse(options), () => {})
  let names: readonly string[] | undefined
  try {
    for await (const { record, info } of rows as AsyncIterable<{
      record: string[]
      info: { lines: number }
    }>) {
      // A quoted cell may hold line breaks, and csv-parse says where a record ended.
      const line = info.lines - record.join('').split('\n').length + 1
      if (!names) {
        names = record.map((name) => name.trim())
        const unknown = names.filter((name) => !(name in cells))
        if (unknown.length > 0) {
          yield { line, problem: `the header names ${unknown.join(', ')}` }
          return
        }
      } else if (record.length !== names.length) {
        yield { line, problem: `has ${record.length} cells, the header ${names.length}` }
      } else yield { line, value: members(names, record, cells) }
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    // What follows a quote that is out of place cannot be told apart.
    yield { line: Number(error.lines), problem: `is no CSV, and not read further: ${error.message}` }
  }
}

function members(
  names: readonly string[],
  record: readonly string[],
  cells: CellTypes,
): Record<string, unknown> {
  const named = names.map((name, index) => [name, record[index] ?? ''] as const)
  return Object.fromEntries(
    named.filter(([, cell]) => cell !== '').map(([name, cell]) => [name, read(cell, cells[name] ?? [])]),
  )
}

// What does not look like its type stays text, and is then refused by the schema in its own words.
function read(cell: string, types: readonly string[]): unknown {
  if (types.includes('integer') && /^-?\d{1,16}$/.test(cell)) return Number(cell)
  if (types.includes('boolean') && /^(true|false)$/.test(cell)) return cell === 'true'
  if (types.includes('object')) {
    const parsed = objectIn(cell)
    return 'value' in parsed ? parsed.value : cell
  }
  return cell
}
