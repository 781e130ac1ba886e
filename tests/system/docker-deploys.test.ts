/** In containers: new code on one replica, on the others, and off all of them, without a failed request. */

import t from 'tap'
import { imageOf } from '#scripts/engine/docker.ts'
import { type Asked, failures, startLoad } from '#tests/support/load.ts'
import { ownPortBase } from '#tests/support/stack-variable.ts'
import { dockerEngine } from './docker-engine.ts'
import { whatIsMissing } from './docker-stack.ts'

const missing = await whatIsMissing()

const mixed = (asked: number): Asked => ({
  headers: { authorization: 'Bearer admin-token-dev' },
  ...(asked % 10 === 0
    ? { method: 'POST', path: '/api/v1/resources', body: { name: `deploy ${asked}`, type: 'deploy' } }
    : { method: 'GET', path: `/api/v1/resources/${1 + (asked % 20)}` }),
})

t.test('a canary in containers, promoted and rolled back', missing ? { skip: missing } : {}, async (t) => {
  const { gateway, compose, run } = await dockerEngine(t, ownPortBase() + 500)
  const imagesOf = (): string[] =>
    ['api-1', 'api-2', 'api-3'].map((name) => imageOf(compose.read('ps', '--quiet', name).trim()))
  const [before = ''] = imagesOf()

  const load = startLoad(gateway, 6, mixed)
  await load.more(100)
  await run('scripts/canary.ts', { WEIGHT: '10', RELEASE: 'HEAD', MINUTES: '0' })
  const [first, second, release = ''] = imagesOf()
  t.strictSame([first, second], [before, before])
  t.not(release, before)
  await load.more(100)
  await run('scripts/canary.ts', { PROMOTE: '1' })
  t.strictSame(imagesOf(), [release, release, release])
  await run('scripts/rollout.ts --back')
  t.strictSame(imagesOf(), [before, before, before])
  await load.more(100)
  await load.stop()
  t.strictSame(failures(load.replies, [200, 201]), [])
})
