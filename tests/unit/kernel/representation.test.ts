import t from 'tap'
import { bodyOf, heldBytes } from '#kernel/representation.ts'

t.test('little is text, much is bytes, whatever it was made of', async (t) => {
  const [little, much] = ['{"name":"ä"}', JSON.stringify('ä'.repeat(5_000))]
  t.equal(bodyOf(little), little)
  t.equal(bodyOf(Buffer.from(little)), little)
  t.same(bodyOf(much), Buffer.from(much))
  t.same(bodyOf(Buffer.from(much)), Buffer.from(much))
})

t.test('what an answer takes: two bytes for each character where one of them may need them', async (t) => {
  t.equal(heldBytes('ascii'), 5)
  t.equal(heldBytes('ascii €'), 14)
  t.equal(heldBytes(Buffer.from('€')), 3)
})
