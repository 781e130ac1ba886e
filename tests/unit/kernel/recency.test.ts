import t from 'tap'
import { type Links, Recency, unlinked } from '#kernel/recency.ts'

interface Thing extends Links<Thing> {
  readonly name: string
}

const thing = (name: string): Thing => ({ name, ...unlinked })

/** From the oldest to the newest, and the same by the links back. */
function order(recency: Recency<Thing>): string {
  const names: string[] = []
  let newest: Thing | undefined
  for (let each = recency.oldest; each; each = each.newer) {
    names.push(each.name)
    newest = each
  }
  const back: string[] = []
  for (let each = newest; each; each = each.older) back.unshift(each.name)
  if (names.join() !== back.join()) throw new Error(`forth ${names}, back ${back}`)
  return names.join('')
}

t.test('what is touched is the newest, what is removed is gone', async (t) => {
  const recency = new Recency<Thing>()
  t.equal(recency.oldest, undefined)
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(thing) as [Thing, Thing, Thing, Thing]
  for (const each of [a, b, c, d]) recency.add(each)
  t.equal(order(recency), 'abcd')
  recency.touch(d)
  t.equal(order(recency), 'abcd')
  recency.touch(a)
  t.equal(order(recency), 'bcda')
  recency.touch(d)
  t.equal(order(recency), 'bcad')
  recency.remove(b)
  t.equal(order(recency), 'cad')
  recency.remove(a)
  t.equal(order(recency), 'cd')
  recency.remove(d)
  recency.remove(c)
  t.equal(order(recency), '')
  t.equal(recency.oldest, undefined)
  recency.add(b)
  t.equal(order(recency), 'b')
})

t.test(
  'any order of adding, touching and removing is that of a Map that is deleted from and set again',
  async (t) => {
    const recency = new Recency<Thing>()
    const model = new Map<string, Thing>()
    let seed = 1
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let step = 0; step < 20_000; step += 1) {
      const name = String.fromCharCode(97 + random(12))
      const known = model.get(name)
      if (known === undefined) {
        const added = thing(name)
        recency.add(added)
        model.set(name, added)
      } else if (random(3) === 0) {
        recency.remove(known)
        model.delete(name)
      } else {
        recency.touch(known)
        model.delete(name)
        model.set(name, known)
      }
      if (order(recency) !== [...model.keys()].join('')) return t.fail(`after ${step} steps`)
    }
    t.pass('20,000 steps')
  },
)
