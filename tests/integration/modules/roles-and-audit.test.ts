/** Roles as data, and the trail of what was done. */

import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { applicationRole } from '#platform/postgres-login.ts'
import { accounts, replica } from '#tests/support/accounts.ts'
import { asApplication } from '#tests/support/database.ts'
import { admin, person, roleWith } from '#tests/support/people.ts'

t.test('a role is defined, changed and deleted; the two fixed ones are not', async (t) => {
  const one = await replica(t, await accounts(t))
  const path = '/api/v1/roles'
  const body = { name: 'editor', permissions: ['items:write'] }
  t.match(await admin(one, 'POST', path, { body }), {
    status: 201,
    body,
    headers: { location: `${path}/editor` },
  })
  t.match(await admin(one, 'POST', path, { body }), { status: 409 })
  t.match(await admin(one, 'GET', path), {
    body: { data: [{ name: 'admin' }, { name: 'editor' }, { name: 'user' }] },
  })
  t.equal((await admin(one, 'PUT', `${path}/editor`, { body: { permissions: ['no:such'] } })).status, 400)
  t.equal((await admin(one, 'PUT', `${path}/editor`, { body: { permissions: ['*'] } })).status, 400)
  t.match(await admin(one, 'PUT', `${path}/editor`, { body: { permissions: [] } }), {
    body: { permissions: [] },
  })
  for (const name of ['admin', 'user']) {
    t.equal((await admin(one, 'PUT', `${path}/${name}`, { body: { permissions: [] } })).status, 403)
    t.equal((await admin(one, 'DELETE', `${path}/${name}`)).status, 403)
  }
  await person(one, 'editor')
  t.equal((await admin(one, 'DELETE', `${path}/editor`)).status, 409, 'somebody has it')
  const unused = await roleWith(one, [])
  t.equal((await admin(one, 'DELETE', `${path}/${unused}`)).status, 204)
  t.equal((await admin(one, 'GET', `${path}/${unused}`)).status, 404)
})

t.test('nobody defines, changes or deletes a role beyond what they hold', async (t) => {
  const one = await replica(t, await accounts(t))
  const writer = await person(one, await roleWith(one, ['roles:write', 'items:write']))
  const strong = await roleWith(one, ['users:write'])
  const define = (permissions: string[]) =>
    writer.call('POST', '/api/v1/roles', { body: { name: `made-${permissions.length}`, permissions } })
  t.equal((await define(['users:write', 'items:write'])).status, 403)
  t.equal((await define(['items:write'])).status, 201)
  t.equal((await writer.call('PUT', `/api/v1/roles/${strong}`, { body: { permissions: [] } })).status, 403)
  t.equal((await writer.call('DELETE', `/api/v1/roles/${strong}`)).status, 403)
})

t.test('the trail says who did what, from where, under which request, and how it went', async (t) => {
  const one = await replica(t, await accounts(t))
  const ann = await person(one)
  const headers = { 'x-request-id': 'find-me' }
  await ann.call('POST', '/api/v1/api-keys', { body: { name: 'k' }, headers })
  await one.call('POST', '/api/v1/auth/login', { body: { email: ann.email, password: 'wrong' } })
  const read = async (query: string) =>
    (await admin<{ data: object[] }>(one, 'GET', `/api/v1/admin/audit?${query}`)).body.data
  t.match(await read(`actorId=${ann.id}&action=api-keys.create`), [
    { actorId: ann.id, actorKind: 'session', requestId: 'find-me', address: '127.0.0.1', outcome: 'done' },
  ])
  t.match(await read('outcome=refused&action=sessions.open'), [{ target: `user:${ann.id}`, actorId: null }])
  const first = await admin<{ data: { id: number }[]; pagination: { nextCursor: string } }>(
    one,
    'GET',
    '/api/v1/admin/audit?limit=2&sort=-createdAt',
  )
  const next = await read(`limit=2&sort=-createdAt&cursor=${first.body.pagination.nextCursor}`)
  t.equal(next.length, 2)
  t.ok(Reflect.get(next[0] ?? {}, 'id') < (first.body.data[1]?.id ?? 0))
  t.equal((await ann.call('GET', '/api/v1/admin/audit')).status, 403)
})

t.test('a write that fails leaves no entry, and an entry is never changed', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  const count = async () => (await shared.database.text('select 1 from audit_entries')).length
  await admin(one, 'POST', '/api/v1/users', { body: { name: 'x', email: 'x@example.org' } })
  const before = await count()
  t.equal(
    (await admin(one, 'POST', '/api/v1/users', { body: { name: 'x', email: 'x@example.org' } })).status,
    409,
  )
  t.equal(await count(), before)
  for (const statement of [
    'update audit_entries set action = $1',
    'delete from audit_entries where action <> $1',
  ]) {
    await t.rejects(shared.database.text(statement, ['x']), /append-only/)
  }
  await t.rejects(shared.database.text('truncate audit_entries'), /append-only/)
})

t.test('what replicas sign in as can add audit entries and do nothing else with them', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  await admin(one, 'POST', '/api/v1/roles', { body: { name: 'editor', permissions: [] } })
  const entries = () => shared.database.text('select * from audit_entries order by id')
  const before = await entries()
  t.not(before.length, 0)
  const asReplica = openPostgres({
    url: asApplication(shared.databaseUrl),
    maxConnections: 1,
    statementTimeoutMs: 5_000,
    name: 'test',
  })
  t.teardown(() => asReplica.close())
  t.same(
    await asReplica.text(`select session_user::text as "signedIn", rolsuper or rolcreaterole or rolcreatedb
      or rolreplication or rolbypassrls as "isMore" from pg_roles where rolname = session_user`),
    [{ signedIn: applicationRole, isMore: false }],
  )
  const changes = [
    `update audit_entries set action = ''`,
    'delete from audit_entries',
    'truncate audit_entries',
    'alter table audit_entries disable trigger all',
    'alter table audit_entries disable trigger audit_entries_append_only',
    'drop trigger audit_entries_append_only on audit_entries',
    'create or replace function refuse_audit_change() returns trigger language plpgsql as $$ begin return new; end $$',
    'drop table audit_entries',
    'alter table audit_entries owner to sluice_app',
    `set session_replication_role = 'replica'`,
    'create table public.shadow ()',
    'delete from migrations',
  ]
  const ways = [
    'select 1',
    'set role none',
    'reset role',
    'reset all',
    'discard all',
    `select set_config('role', 'none', false)`,
    'reset session authorization',
    // Only warns that nothing was granted.
    'grant all on audit_entries to sluice_app',
  ]
  for (const way of ways) {
    // One connection: what the first statement left behind is there for the next.
    await asReplica.text(way)
    for (const change of changes) {
      const refused = asReplica.text(change)
      await t.rejects(refused, /permission denied|must be owner|no privileges/, `${way}; ${change}`)
    }
  }
  for (const way of [
    'set role sluice',
    'set session authorization sluice',
    'alter role sluice_app superuser',
  ])
    await t.rejects(asReplica.text(way), /permission denied|must be superuser/, way)
  t.same(await entries(), before)
})
