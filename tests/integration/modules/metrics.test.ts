/** /metrics outside demo mode: for who holds the metrics token, and nobody else. */

import t from 'tap'
import { application } from '#tests/support/application.ts'

const { anonymous, member, config } = await application(t)
const scrape = (authorization: string) => anonymous.get('/metrics', { headers: { authorization } })

t.test('the metrics token opens it, though it is no principal', async (t) => {
  const { status, headers, body } = await scrape(`Bearer ${config.METRICS_TOKEN}`)
  t.equal(status, 200)
  t.match(headers['content-type'], 'text/plain')
  t.match(body, '# TYPE ')
})

t.test('no token, another one, and an admin are refused', async (t) => {
  t.equal((await anonymous.get('/metrics')).status, 401)
  t.equal((await scrape('Bearer another-token')).status, 401)
  t.equal((await (await member({ role: 'admin' })).get('/metrics')).status, 401)
})
