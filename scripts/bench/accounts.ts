/** Credentials: of the demo, and of as many principals as a row needs. */

import type { Session } from '#kernel/database.ts'
import { apiKeyHash, newApiKey } from '#modules/api-keys/index.ts'

/** A key of the enterprise tier that may do everything. */
export const enterpriseKey = { authorization: 'Bearer admin-token-dev' }

export const demoUser = { email: 'user@example.com', password: 'user123' }

/** An access token of the demo's user, whose tier is free. */
export async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(demoUser),
  })
  if (!answer.ok) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`)
  return ((await answer.json()) as { token: string }).token
}

const atOnce = 10_000

/** `count` accounts with a key each; two rows of the benchmark begin at ids of their own. */
export async function makePrincipals(
  database: Session,
  count: number,
  firstId = 1_000_000,
): Promise<string[]> {
  const keys = Array.from({ length: count }, (_, index) => newApiKey(firstId + index))
  await database.text(
    `insert into users (id, email, name, role, tier) overriding system value
     select n, 'principal-' || n || '@example.com', 'Principal ' || n, 'user', 'free'
     from generate_series($1::int, $2::int) n`,
    [firstId, firstId + count - 1],
  )
  for (let from = 0; from < count; from += atOnce) {
    const hashes = keys.slice(from, from + atOnce).map((key) => apiKeyHash(key).toString('hex'))
    await database.text(
      `insert into api_keys (id, owner_id, name, secret_hash, scopes) overriding system value
       select $1::int + place, $1::int + place, 'benchmark', decode(hash, 'hex'), '{*}'
       from unnest(string_to_array($2, ',')) with ordinality as t (hash, nth), lateral (select nth - 1 as place) p`,
      [firstId + from, hashes.join()],
    )
  }
  return keys
}
