import t from 'tap'
import { application } from '#tests/support/application.ts'

interface Found {
  readonly data: readonly { id: number; title: string; highlight: { title: string; description: string } }[]
  readonly pagination: { limit: number; nextCursor: string | null }
}

t.test('items are found', async (t) => {
  const { anonymous, member } = await application(t)
  const owner = await member({ name: 'Ada' })
  const titles = ['Copper kettle', 'Copper pan', 'Oak table', '<b>Copper</b> wire', 'Field lamp']
  const items = titles.map((title) => ({
    title,
    description: title === 'Oak table' ? 'with copper feet' : null,
  }))
  t.equal((await owner.post('/api/v1/items/batch', { items })).status, 201)
  const find = async (q: string, more = ''): Promise<Found> => {
    const { status, body } = await anonymous.get<Found>(
      `/api/v1/search/items?q=${encodeURIComponent(q)}${more}`,
    )
    t.equal(status, 200, q)
    return body
  }
  const titlesOf = ({ data }: Found): string[] => data.map(({ title }) => title)

  t.test('by word, what has it in its title before what has it in its description', async (t) => {
    const found = titlesOf(await find('copper'))
    t.equal(found.length, 4)
    t.equal(found.at(-1), 'Oak table')
  })

  t.test('by the beginning of a word, and by all words together', async (t) => {
    t.same(titlesOf(await find('ket')), ['Copper kettle'])
    t.equal(titlesOf(await find('copper ket'))[0], 'Copper kettle')
  })

  t.test('though it is misspelt', async (t) => {
    t.equal(titlesOf(await find('coper ketle'))[0], 'Copper kettle')
    // Two letters exchanged, one left out.
    t.equal(titlesOf(await find('tabel'))[0], 'Oak table')
    t.equal(titlesOf(await find('kttle'))[0], 'Copper kettle')
  })

  t.test('with the words marked in escaped text', async (t) => {
    const { data } = await find('wire')
    t.equal(data[0]?.highlight.title, '&lt;b&gt;Copper&lt;/b&gt; <mark>wire</mark>')
  })

  t.test('page after page, each once', async (t) => {
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const page: Found = await find('copper', `&limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`)
      seen.push(...titlesOf(page))
      cursor = page.pagination.nextCursor
    }
    t.equal(seen.length, 4)
    t.equal(new Set(seen).size, 4)
  })

  t.test('as soon as they are made, and no longer once they are deleted', async (t) => {
    t.same(titlesOf(await find('zebra')), [])
    const made = await owner.post<{ id: number }>('/api/v1/items', { title: 'Zebra rug' })
    t.same(titlesOf(await find('zebra')), ['Zebra rug'])
    t.equal((await owner.delete(`/api/v1/items/${made.body.id}`)).status, 204)
    t.same(titlesOf(await find('zebra')), [])
  })

  t.test('and a search that is none is refused', async (t) => {
    for (const query of [
      '',
      'q=',
      `q=${'x'.repeat(201)}`,
      'q=a&sort=title',
      'q=a%00b',
      'q=a&cursor=nonsense',
    ]) {
      const { status } = await anonymous.get(`/api/v1/search/items?${query}`)
      t.equal(status, 400, query)
    }
    t.same((await find("'; drop table items; --")).data, [])
  })
})
