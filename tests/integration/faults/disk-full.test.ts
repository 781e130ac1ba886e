/** The disk of Postgres is full: writes that need room are refused, nothing that was acknowledged is lost. */

import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { openPostgres } from '#platform/postgres.ts'
import { application, insertMember } from '#tests/support/application.ts'
import { eventually } from '#tests/support/eventually.ts'
import { ownPostgres } from '#tests/support/own-postgres.ts'
import type { Scope } from '#tests/support/scope.ts'

const path = '/api/v1/resources'

/** A disk of its own, in memory; undefined where none may be mounted. */
function smallDisk(t: Scope, size: string): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-disk-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
  t.teardown(() => {
    if (mounted.status === 0) spawnSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true, force: true })
  })
  return mounted.status === 0 ? folder : undefined
}

/** Takes all the room there is; returns what gives it back. */
function fill(disk: string): () => void {
  const ballast = join(disk, 'ballast')
  const file = openSync(ballast, 'w')
  for (const size of [1_048_576, 4_096]) {
    const bytes = Buffer.alloc(size)
    try {
      while (writeSync(file, bytes) === size);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
    }
  }
  closeSync(file)
  return () => rmSync(ballast)
}

const disk = smallDisk(t, '160m')
const skip = disk === undefined && 'no disk can be mounted here: the full one was not tried'

t.test('a full disk: writes get 503, reads go on, nothing acknowledged is lost', { skip }, async (t) => {
  const url = await ownPostgres(t, {}, join(String(disk), 'data'))
  const own = openPostgres({ url, maxConnections: 1, statementTimeoutMs: 10_000, name: 'own' })
  t.teardown(() => own.close())
  const { key } = await insertMember(own)
  const app = await application(t, () => ({ DATABASE_URL: url, CIRCUIT_RESET_TIMEOUT: '200' }))
  const headers = { authorization: `Bearer ${key}` }
  const acknowledged: number[] = []
  let count = 0
  const create = async () => {
    // Random, so that it cannot be pressed into room that is there already.
    const text = Buffer.from(crypto.getRandomValues(new Uint8Array(6_000))).toString('base64')
    const body = { name: `One ${++count}`, type: 'document', metadata: { text } }
    const answer = await app.anonymous.post<{ id: number }>(path, body, { headers })
    if (answer.status === 201) acknowledged.push(answer.body.id)
    return answer
  }
  t.equal((await create()).status, 201)

  const free = fill(String(disk))
  // There may be room left inside of its files: until that is used it goes on.
  const refused = await eventually(t, async () => {
    const answer = await create()
    return answer.status === 201 ? undefined : answer
  })
  t.match(refused, {
    status: 503,
    body: { error: 'dependency_unavailable' },
    headers: { 'retry-after': /^[1-9]\d*$/, 'content-type': /^application\/problem\+json/ },
  })
  t.notMatch(JSON.stringify(refused), /disk|space|extend|base\//i, 'nothing of the inside shows')
  for (const id of acknowledged.slice(0, 20))
    t.match(await app.anonymous.get(`${path}/${id}`), { status: 200, body: { id } })
  await eventually(t, async () => (await app.anonymous.get(`${path}?skip=1&limit=2`)).status === 200)

  free()
  await eventually(t, async () => (await create()).status === 201)
  const rows = await own.text<{ id: number }>('select id from resources order by id')
  const kept = new Set(rows.map(({ id }) => id))
  t.same(
    acknowledged.filter((id) => !kept.has(id)),
    [],
  )
  t.equal(rows.length, acknowledged.length, 'and nothing that was refused is there')
})
