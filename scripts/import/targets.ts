/** What can be imported: the schema of a row, what Postgres is asked before anything is written, and how it is written. */

import { type TObject, Type } from 'typebox'
import { NewItem } from '#modules/items/index.ts'
import { NewResource } from '#modules/resources/index.ts'
import { Email, NewUser } from '#modules/users/index.ts'

export interface Target {
  /** What the API's POST takes, and for what is owned the owner's address. */
  readonly schema: TObject
  /** Queries of `line` and `problem` over `staged (line, row)`. */
  readonly checks: readonly string[]
  /** Returns the ids it gave. */
  readonly insert: string
  /** Cache key of one row, and the tag of its lists. */
  readonly key: string
  readonly tag: string
}

const owned = (schema: TObject): TObject =>
  Type.Object({ ...schema.properties, ownerEmail: Email }, { additionalProperties: false })

const ownerExists = `select line, 'ownerEmail ' || (row->>'ownerEmail') || ' belongs to no account' as problem
  from staged where not exists (
    select from users where lower(email) = lower(row->>'ownerEmail') and closed_at is null)`

const owner = `join users u on lower(u.email) = lower(row->>'ownerEmail')`

export const targets: Readonly<Record<string, Target>> = {
  users: {
    schema: NewUser,
    checks: [
      `select line, 'email is also on line ' || first as problem
       from (select line, min(line) over (partition by lower(row->>'email')) as first from staged) s where line > first`,
      `select line, 'email ' || (row->>'email') || ' is taken' as problem
       from staged join users on lower(email) = lower(row->>'email')`,
      `select line, 'role ' || (row->>'role') || ' does not exist' as problem
       from staged where row ? 'role' and not exists (select from roles where name = row->>'role')`,
    ],
    insert: `insert into users (email, name, role, tier)
      select row->>'email', row->>'name', coalesce(row->>'role', 'user'), coalesce(row->>'tier', 'free')
      from staged order by line returning id`,
    key: 'user',
    tag: 'users',
  },
  resources: {
    schema: owned(NewResource),
    checks: [ownerExists],
    insert: `insert into resources (name, type, description, metadata, owner_id)
      select row->>'name', row->>'type', row->>'description', coalesce(row->'metadata', '{}'), u.id
      from staged ${owner} order by line returning id`,
    key: 'resources',
    tag: 'resources',
  },
  items: {
    schema: owned(NewItem),
    checks: [ownerExists],
    insert: `insert into items (title, description, price_cents, owner_id)
      select row->>'title', row->>'description', (row->>'priceCents')::bigint, u.id
      from staged ${owner} order by line returning id`,
    key: 'items',
    tag: 'items',
  },
}
