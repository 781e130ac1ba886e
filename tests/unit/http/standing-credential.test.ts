/** Whether a credential still holds, as an answer asks that outlives its first check. */

import t from 'tap'
import { standingCredential } from '#http/standing-credential.ts'
import { credentialMap } from '#kernel/credential-map.ts'
import { anonymous } from '#kernel/principal.ts'
import { fakeClock } from '#tests/support/clock.ts'

const principal = { ...anonymous, kind: 'session', userId: 1 } as const

function scene({ isTrusted }: { readonly isTrusted: boolean }) {
  const clock = fakeClock()
  const asked: number[] = []
  const standing = standingCredential({
    known: credentialMap(10),
    check: async () => {
      asked.push(clock.now())
      return principal
    },
    isTrusted: () => isTrusted,
    now: clock.now,
  })
  return { clock, asked, standing }
}

t.test('while revocations are heard of, what is remembered counts', async (t) => {
  const { clock, asked, standing } = scene({ isTrusted: true })
  await standing('c')
  clock.advance(30_000)
  t.equal(standing('c'), principal)
  t.equal(asked.length, 1)
})

t.test('while they are not, every beat asks: half a second after the last, or a little less', async (t) => {
  const { clock, asked, standing } = scene({ isTrusted: false })
  await standing('c')
  clock.advance(100)
  t.equal(standing('c'), principal, 'many streams of one reader ask once')
  clock.advance(350)
  await standing('c')
  t.equal(asked.length, 2)
})
