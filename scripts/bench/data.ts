/** Rows for the stack under test, written straight into its Postgres. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeCursor } from '#kernel/cursor.ts'
import type { Session } from '#kernel/database.ts'
import { openPostgres } from '#platform/postgres.ts'
import type { Layout } from '#scripts/engine/layout.ts'
import { postgresAddress } from '#scripts/engine/postgres-server.ts'

export interface Data {
  /** Resources with ids up to `count`, one a minute since 2020. */
  growTo(count: number): Promise<void>
  /** Those and no others. */
  holdExactly(count: number): Promise<void>
  readonly session: Session
  close(): Promise<void>
}

const firstMinute = Date.UTC(2020, 0, 1)
const minuteMs = 60_000

export function openData({ postgres, secrets, ports }: Layout): Data {
  const database = openPostgres({
    url: postgresAddress({
      directory: join(postgres, 'data'),
      socketDirectory: join(postgres, 'run'),
      port: ports.postgres,
    }).url,
    password: readFileSync(join(secrets, 'postgres-password'), 'utf8').trim(),
    maxConnections: 1,
    statementTimeoutMs: 300_000,
    name: 'bench',
  })
  let rows = 0
  const grow = async (count: number): Promise<void> => {
    await database.text(
      `insert into resources (id, name, type, description, metadata, owner_id, created_at)
         overriding system value
         select n, 'Resource ' || n, (array['document', 'image', 'dataset', 'service'])[n % 4 + 1],
           'Resource number ' || n || ' of the benchmark', jsonb_build_object('rank', n), 1 + n % 2,
           to_timestamp($1::float8 / 1000) + n * interval '1 minute'
         from generate_series(1, $2::int) n on conflict (id) do update set created_at = excluded.created_at`,
      [firstMinute, count],
    )
    await database.text(`select setval(pg_get_serial_sequence('resources', 'id'), $1)`, [count])
    await database.text('vacuum analyze resources')
    rows = count
  }
  return {
    session: database,
    async growTo(count) {
      if (count > rows) await grow(count)
    },
    async holdExactly(count) {
      await database.text('delete from resources where id > $1', [count])
      await grow(count)
    },
    close: () => database.close(),
  }
}

/** The cursor behind resource `id`, as `nextCursor` would say it. Between two, at 1.5, it is a place of its own. */
export const cursorAfter = (id: number): string =>
  encodeCursor({
    sort: 'createdAt',
    value: new Date(firstMinute + Math.floor(id * minuteMs)).toISOString(),
    id: Math.floor(id),
  })
