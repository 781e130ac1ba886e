/**
 * Migrations: pairs of hand-written `NNNN-name.up.sql` and `.down.sql`, each applied in a transaction of its own, in
 * order, under one advisory lock, so that replicas starting together are safe. Expand first, contract a release later.
 */

import { readdir, readFile } from 'node:fs/promises'
import postgres from 'postgres'
import { postgresAddress } from './postgres-address.ts'
import { letApplicationSignIn } from './postgres-login.ts'

const folder = new URL('./migrations/', import.meta.url)
// Any fixed number that no other program on this database uses as its advisory lock.
const lock = 7_230_011

/**
 * To compare the spelling of a word with a text takes some 18 µs, and Postgres believes it to be as cheap as comparing two
 * numbers: a search for a rare word then read all of 20,000 items (351 ms) instead of the index (59 ms, on the same busy
 * machine). Set with each migration, since a dump does not carry it; an owner who may not change it searches as before.
 */
const priceOfLikeness = `
  do $$
  begin
    alter function word_similarity_op(text, text) cost 500;
  exception when undefined_function or insufficient_privilege then null;
  end
  $$`

export interface Migration {
  readonly name: string
  readonly direction: 'up' | 'down'
}

/**
 * Applies what is missing, or with `stepsDown` takes the newest ones back. Reports each migration as it is done.
 * Signs in as the owner of the database, and lets the application sign in.
 */
export async function migrate(
  url: string,
  { password, applicationPassword, stepsDown = 0, report = () => {} }: MigrateOptions = {},
): Promise<Migration[]> {
  const { url: address, askPrimary, ...place } = postgresAddress(url)
  const client = postgres(address, {
    ...place,
    ...(password === undefined ? {} : { password }),
    max: 1,
    onnotice: () => {},
  })
  try {
    await askPrimary(() => client`select pg_advisory_lock(${lock})`.then(() => undefined))
    await client`create table if not exists migrations (
      name text primary key, applied_at timestamptz not null default now())`
    const applied = (await client<{ name: string }[]>`select name from migrations order by name`).map(
      (row) => row.name,
    )
    const steps = stepsDown > 0 ? applied.toReversed().slice(0, stepsDown) : await missing(applied)
    const direction = stepsDown > 0 ? 'down' : 'up'
    const done: Migration[] = []
    for (const name of steps) {
      const text = await readFile(new URL(`${name}.${direction}.sql`, folder), 'utf8')
      await client.begin(async (transaction) => {
        await transaction.unsafe(text)
        if (direction === 'up') await transaction`insert into migrations (name) values (${name})`
        else await transaction`delete from migrations where name = ${name}`
      })
      done.push({ name, direction })
      report({ name, direction })
    }
    if (direction === 'up') {
      await letApplicationSignIn(client, applicationPassword)
      await client.unsafe(priceOfLikeness)
    }
    return done
  } finally {
    await client.end({ timeout: 5 })
  }
}

interface MigrateOptions {
  readonly password?: string | undefined
  /** What the application signs in with; a password that it has stays where none is given. */
  readonly applicationPassword?: string | undefined
  readonly stepsDown?: number
  readonly report?: (migration: Migration) => void
}

async function missing(applied: readonly string[]): Promise<string[]> {
  const files = await readdir(folder)
  const known = files.filter((file) => file.endsWith('.up.sql')).map((file) => file.replace('.up.sql', ''))
  return known.filter((name) => !applied.includes(name)).sort()
}
