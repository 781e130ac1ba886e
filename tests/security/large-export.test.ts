/** What somebody made a great deal of is told piece by piece: an export of it holds no replica up and fills none. */

import t from 'tap'
import { personalRecord } from '#modules/sessions/personal-record.ts'
import { accounts, replica } from '#tests/support/accounts.ts'
import { person } from '#tests/support/people.ts'

t.test('an export is whole over several pages, and comes in pieces of one page', async (t) => {
  const shared = await accounts(t)
  const one = await replica(t, shared)
  const [ann, bob] = [await person(one), await person(one)]
  const items = Array.from({ length: 80 }, (_, index) => ({ title: `Lamp ${index}` }))
  for (let turn = 0; turn < 3; turn++) await ann.call('POST', '/api/v1/items/batch', { body: { items } })
  await bob.call('POST', '/api/v1/items', { body: { title: 'Not hers' } })

  const { status, headers, body } = await ann.call<{
    user: { id: number }
    items: { title: string }[]
    resources: unknown[]
  }>('GET', '/api/v1/me/export')
  t.match({ status, type: headers['content-type'] }, { status: 200, type: /^application\/json/ })
  t.equal(body.user.id, ann.id)
  t.strictSame(
    body.items.map(({ title }) => title),
    [...items, ...items, ...items].map(({ title }) => title),
  )
  t.strictSame(body.resources, [], 'nothing is an empty list')

  const rowsOfPieces: number[] = []
  for await (const piece of personalRecord(shared.database, ann.id)) {
    rowsOfPieces.push(String(piece).split('"title"').length - 1)
  }
  t.equal(Math.max(...rowsOfPieces), 100)
})
