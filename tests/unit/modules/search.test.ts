import t from 'tap'
import { marked } from '#modules/search/index.ts'
import { foundStart, foundStop, prefixQuery } from '#modules/search/search.store.ts'

t.test('every word of a search is a prefix, and none is an operator', async (t) => {
  t.equal(prefixQuery('red ket'), "'red':* & 'ket':*")
  t.equal(prefixQuery("a' | b & !c:* <-> (d)"), "'a':* & 'b':* & 'c':* & 'd':*")
  t.equal(prefixQuery('  Çelik  ÖRTÜ '), "'çelik':* & 'örtü':*")
  t.equal(prefixQuery('<>'), '')
})

t.test('what was found is marked in text that is escaped', async (t) => {
  t.equal(
    marked(`<b>${foundStart}red${foundStop}</b> & "it's"`),
    '&lt;b&gt;<mark>red</mark>&lt;/b&gt; &amp; &quot;it&#39;s&quot;',
  )
})
