/** Importing files: whole or not at all, every mistake with its line, once only, and seen by the next read. */

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { importFile } from '#scripts/import/import-file.ts'
import { application } from '#tests/support/application.ts'

const { database, anonymous, member, config } = await application(t)
const folder = mkdtempSync(join(tmpdir(), 'sluice-import-'))
t.teardown(() => rmSync(folder, { recursive: true, force: true }))
const samples = join(import.meta.dirname, '..', '..', 'scripts', 'samples')

const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
const problemsOf = async (resource: string, path: string): Promise<string[]> => {
  const outcome = await importFile(database, { resource, file: path })
  return outcome.is === 'refused'
    ? outcome.problems.map(({ line, problem }) => `${line}: ${problem}`)
    : [outcome.is]
}
const count = async (table: string): Promise<number> =>
  Number((await database.text<{ n: number }>(`select count(*) as n from ${table}`))[0]?.n)

t.test('takes the samples: users, then what they own', async (t) => {
  const rows = []
  for (const [resource, name] of [
    ['users', 'users.csv'],
    ['resources', 'resources.ndjson'],
    ['items', 'items.csv'],
  ] as const) {
    const outcome = await importFile(database, { resource, file: join(samples, name) })
    rows.push(outcome.is === 'refused' ? outcome.problems : outcome.rows)
  }
  t.strictSame(rows, [4, 3, 4])
  const { body } = await anonymous.get<{
    data: { title: string; description: string; priceCents: number }[]
  }>('/api/v1/items?sort=title')
  t.match(body.data[1], { title: 'Kettle "No. 5"', description: 'Copper', priceCents: null })
  t.match(body.data[3], { title: 'Punched cards', description: 'A box of 500,\nunused', priceCents: 1250 })
  const [entry] = await database.text<{ details: unknown }>(
    `select details from audit_entries where action = 'items.import'`,
  )
  t.match(entry?.details, { rows: 4, file: 'items.csv' })
})

t.test('the same file again changes nothing, whatever it is called', async (t) => {
  const before = await count('items')
  const outcome = await importFile(database, { resource: 'items', file: join(samples, 'items.csv') })
  t.match(outcome, { is: 'known', rows: 4 })
  t.equal(await count('items'), before)
})

t.test('two imports of one file at the same time write it once', async (t) => {
  const twice = file('twice.csv', 'title,ownerEmail\nTwice,ada@example.net\n')
  const outcomes = await Promise.all(
    [1, 2].map(() => importFile(database, { resource: 'items', file: twice })),
  )
  t.strictSame(outcomes.map(({ is }) => is).sort(), ['imported', 'known'])
})

t.test('tells every mistake with its line, and writes nothing', async (t) => {
  const before = await count('users')
  const csv = file(
    'users.csv',
    'name,email,tier\n"Two\nLines",a@example.org,pro\nGood,good@example.org,\nB,b@example.org,gold\nShort,s@example.org\n,none@example.org,\nAgain,GOOD@example.org,\nTaken,ada@example.net,\n',
  )
  t.strictSame(await problemsOf('users', csv), [
    '2: name holds a character it may not hold, or none that shows',
    '5: tier must be equal to one of the allowed values: free, pro, enterprise',
    '6: has 2 cells, the header 3',
    "7: must have required property 'name'",
    '8: email is also on line 4',
    '9: email ada@example.net is taken',
  ])
  t.equal(await count('users'), before)
})

t.test('judges rows as the API judges bodies', async (t) => {
  const rows = [
    { title: 'x' },
    { title: 'x', ownerEmail: 'nobody@example.net' },
    { title: 'x', ownerEmail: 'ada@example.net', ownerId: 1 },
    { title: 'x', ownerEmail: 'ada@example.net', priceCents: 1.5 },
    { title: 'x\0', ownerEmail: 'ada@example.net' },
  ]
  const text = `${rows.map((row) => JSON.stringify(row)).join('\n')}\n\n[1]\nnot json`
  t.strictSame(await problemsOf('items', file('items.ndjson', text)), [
    "1: must have required property 'ownerEmail'",
    '2: ownerEmail nobody@example.net belongs to no account',
    '3: ownerId is not a member',
    '4: priceCents must be integer,null',
    '5: title holds a character that cannot be stored',
    '7: is not a JSON object',
    '8: is not a JSON object',
  ])
})

t.test('a header that names something else, and a quote out of place', async (t) => {
  t.strictSame(await problemsOf('users', file('h.csv', 'name,mail\nA,a@example.org\n')), [
    '1: the header names mail',
  ])
  const [problem] = await problemsOf('users', file('q.csv', 'name,email\n"A"x,a@example.org\n'))
  t.match(problem, /^2: is no CSV/)
})

t.test('shows the first mistakes of many, and counts all', async (t) => {
  const text = Array.from({ length: 3_000 }, (_, n) => `{"title":"${n}"}`).join('\n')
  const outcome = await importFile(database, {
    resource: 'items',
    file: file('many.ndjson', text),
    problemsShown: 2,
  })
  t.match(outcome, { is: 'refused', count: 3_000, problems: [{ line: 1 }, { line: 2 }] })
})

t.test('a list that was cached shows the rows as soon as the command has ended', async (t) => {
  const admin = await member({ role: 'admin' })
  const list = () => admin.get<{ data: { name: string }[] }>('/api/v1/resources?type=imported')
  t.equal((await list()).body.data.length, 0)
  t.match((await list()).headers['cache-status'], 'hit')
  const path = file('late.ndjson', '{"name":"Late","type":"imported","ownerEmail":"ada@example.net"}')
  const run = promisify(execFile)
  const env = {
    PATH: process.env.PATH ?? '',
    DATABASE_URL: config.DATABASE_URL,
    REDIS_URL: config.REDIS_URL,
    REDIS_PREFIX: config.REDIS_PREFIX,
    SECRETS_DIR: config.SECRETS_DIR,
  }
  const { stdout } = await run(process.execPath, ['scripts/import.ts', '--resource', 'resources', path], {
    env,
  })
  t.equal(stdout, `import: 1 resources from ${path}\n`)
  t.equal((await list()).body.data.length, 1)
  const bad = file('bad.ndjson', '{"name":"Late"}')
  const refused = run(process.execPath, ['scripts/import.ts', '--resource', 'resources', bad], { env })
  await t.rejects(refused, {
    code: 1,
    stderr: /bad\.ndjson:1: .*\nimport: nothing was written, 2 to mend\n$/s,
  })
})
