/** The typed client: generated from the routes as they are, working against them, and a package on its own. */

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { createSluiceClient, dataOf, Refusal } from '#client/index.ts'
import { contractOfTheCode } from '#scripts/client/document.ts'
import { schemaOf } from '#scripts/client/generate.ts'
import { schemaFile } from '#scripts/client.ts'
import { root } from '#scripts/engine/layout.ts'
import { application } from '#tests/support/application.ts'

const { app, member } = await application(t)
const baseUrl = await app.listen({ port: 0, host: '127.0.0.1' })
const { key } = await member()
const client = createSluiceClient({ baseUrl, token: () => key })

t.test('its types are those of the routes: otherwise run node scripts/client.ts', async (t) => {
  t.equal(await schemaOf(await contractOfTheCode()), readFileSync(schemaFile, 'utf8'))
})

t.test('it creates, reads, lists and deletes, with the credential of the moment', async (t) => {
  const made = await dataOf(client.POST('/api/v1/items', { body: { title: 'Green tea', priceCents: 890 } }))
  const path = { id: made.id }
  const { data } = await client.GET('/api/v1/items/{id}', { params: { path } })
  t.equal(data?.title, 'Green tea')
  const page = await dataOf(
    client.GET('/api/v1/items', { params: { query: { limit: 1, sort: '-createdAt' } } }),
  )
  t.strictSame(
    page.data.map(({ id }) => id),
    [made.id],
  )
  t.equal(await dataOf(client.DELETE('/api/v1/items/{id}', { params: { path } })), undefined)
})

t.test('a refusal is a problem: as a value, or thrown', async (t) => {
  const asked = client.GET('/api/v1/items/{id}', { params: { path: { id: 999_999 } } })
  const { data, error } = await asked
  t.equal(data, undefined)
  t.match(error, { error: 'not_found', status: 404, requestId: String })
  const thrown = await dataOf(asked).catch((refusal: unknown) => refusal)
  t.ok(thrown instanceof Refusal && thrown.code === 'not_found' && thrown.status === 404)

  const anonymous = createSluiceClient({ baseUrl })
  t.match(await anonymous.GET('/api/v1/me'), { error: { error: 'unauthorized', status: 401 } })
})

t.test('an answer of something in between that holds no problem is thrown as one', async (t) => {
  const proxy = createSluiceClient({
    baseUrl,
    fetch: async () => new Response(null, { status: 502, statusText: 'Bad Gateway' }),
  })
  const thrown = await dataOf(proxy.GET('/api/v1/status')).catch((refusal: unknown) => refusal)
  t.match(thrown, { code: 'unreadable_answer', status: 502 })
})

t.test('as a package it is JavaScript with declarations, and its exports lead to them', async (t) => {
  const outDir = t.testdir()
  // Without what tap has every Node process load.
  const run = (...program: string[]) =>
    promisify(execFile)('env', ['-u', 'NODE_OPTIONS', ...program], { cwd: root })
  await run('node_modules/.bin/tsc', '--project', 'app/client', '--outDir', outDir)
  const { exports, version } = JSON.parse(readFileSync(join(root, 'app/client/package.json'), 'utf8'))
  for (const file of Object.values<string>(exports['.'])) {
    t.ok(readFileSync(join(outDir, file.replace('./dist/', ''))))
  }
  t.equal(version, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version)
  const use = `const { createSluiceClient } = await import(${JSON.stringify(join(outDir, 'index.js'))})
    const { data } = await createSluiceClient({ baseUrl: '${baseUrl}' }).GET('/api/v1/status')
    console.log(data.status)`
  t.equal((await run(process.execPath, '--input-type=module', '--eval', use)).stdout, 'ok\n')
})
