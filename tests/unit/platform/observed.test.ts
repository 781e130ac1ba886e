import t from 'tap'
import { summaryOf } from '#platform/observed-database.ts'

t.test('a statement is named by its verb and its table, not by those of its parts', async (t) => {
  const named: [string, string][] = [
    [
      'select "id", (select owner.name from users owner) as "n" from "items" where id = $1',
      'postgres select items',
    ],
    ['insert into "items" ("title") values ($1) returning id', 'postgres insert items'],
    ['update sessions set ended_at = now() where id in (select id from users)', 'postgres update sessions'],
    ['delete from idempotency_keys where created_at < $1', 'postgres delete idempotency_keys'],
    ['with gone as (delete from a returning id) select count(*) from gone', 'postgres select gone'],
    ['select 1', 'postgres select'],
    ['notify channel', 'postgres query'],
  ]
  for (const [query, name] of named) t.equal(summaryOf(query).name, name)
  t.equal(summaryOf('select 1'), summaryOf('select 1'), 'made once')
})
