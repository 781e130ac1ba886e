/** Faults are injected into a stack, and a real Alertmanager hears of them from a real Prometheus; and of their end. */

import { randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import t from 'tap'
import { recorded, signal } from '#scripts/engine/identity.ts'
import { missingPrograms } from '#scripts/monitoring/servers.ts'
import { eventually } from '#tests/support/eventually.ts'
import { testMonitoring } from '#tests/support/monitoring.ts'
import { alerts, metricsIn } from '#tests/support/monitoring-files.ts'
import { testStack } from '#tests/support/stack.ts'

const missing = missingPrograms()
const options =
  missing.length === 0
    ? { timeout: 175_000 }
    : {
        skip: `${missing.join(', ')} not installed: no alert was seen to fire (scripts/bootstrap.sh monitoring)`,
      }
// An alert takes some 15 s of these; the rest is for machines that are busy.
const patience = { withinMs: 60_000 }

t.test('a stack under watch', options, async (t) => {
  const stack = await testStack()
  const { firing, prometheus } = await testMonitoring(t, stack)
  const fires = (alertname: string) => firing(alertname).then((found) => found.length > 0)
  const ends = (alertname: string) => firing(alertname).then((found) => found.length === 0)

  await t.test('every target is found', async (t) => {
    interface Targets {
      readonly activeTargets: readonly {
        readonly health: string
        readonly labels: { readonly instance: string }
      }[]
    }
    const targets = async () => (await prometheus<Targets>('/api/v1/targets')).activeTargets
    const names = [...Object.keys(stack.replicas), 'alertmanager', 'prometheus'].sort()
    const areUp = async () => {
      const up = (await targets()).filter(({ health }) => health === 'up')
      return up.length === names.length
    }
    await eventually(t, areUp, patience)
    t.same((await targets()).map(({ labels }) => labels.instance).sort(), names)
  })

  await t.test('what the alerts ask of Prometheus and Alertmanager themselves, they tell', async (t) => {
    const theirs = alerts()
      .flatMap(({ expr }) => metricsIn(expr))
      .filter((name) => /^(prometheus|alertmanager)_/.test(name))
    t.ok(theirs.length > 2)
    await eventually(
      t,
      async () => {
        const known = await prometheus<string[]>('/api/v1/label/__name__/values')
        return theirs.every((name) => known.includes(name))
      },
      patience,
    )
  })

  await t.test('a refresh token comes back after its successor was used', async (t) => {
    let address = 0
    const wasRefused = async (): Promise<boolean> => {
      address += 1
      const auth = (path: string, body: object) => account(stack.gateway, `127.0.2.${address}`, path, body)
      const first = await auth('login', { email: 'user@example.com', password: 'user123' })
      const second = await auth('refresh', { refreshToken: first.refreshToken })
      const third = await auth('refresh', { refreshToken: second.refreshToken })
      const reuse = await auth('refresh', { refreshToken: first.refreshToken })
      return third.status === 200 && reuse.status === 401
    }
    await eventually(t, wasRefused, patience)
    await eventually(t, () => fires('RefreshTokenReused'), patience)
  })

  await t.test(
    'a replica dies for good while somebody tries passwords: each is told by its name',
    async (t) => {
      // Without the supervisor the stack goes on, and what dies stays dead.
      const supervisor = recorded(join(stack.layout.run, 'supervisor.pid'))
      t.teardown(() => stack.repair())
      if (supervisor) signal(supervisor, 'SIGKILL')
      await stack.kill('api-2', 'SIGKILL')
      const deadReplica = async () =>
        (await firing('ReplicaDown')).find(({ labels }) => labels.instance === 'api-2')
      let tried = 0
      const tryPassword = () =>
        account(stack.gateway, `127.0.1.${1 + (tried++ % 50)}`, 'login', {
          email: `${randomUUID()}@example.com`,
          password: 'not the password of anyone',
        })
      await eventually(
        t,
        async () => {
          await Promise.all([tryPassword(), tryPassword(), tryPassword(), tryPassword()])
          return (await fires('SignInFlood')) && (await deadReplica()) !== undefined
        },
        patience,
      )
      t.match(await deadReplica(), {
        labels: { severity: 'ticket' },
        annotations: { runbook_url: 'docs/runbooks/replica-down.md' },
      })
      await stack.repair()
      await eventually(t, async () => (await deadReplica()) === undefined, patience)
    },
  )

  await t.test('Redis is frozen', async (t) => {
    t.teardown(() => stack.kill('redis', 'SIGCONT'))
    await stack.kill('redis', 'SIGSTOP')
    await eventually(t, () => fires('RedisDown'), patience)
    await stack.kill('redis', 'SIGCONT')
    await eventually(t, () => ends('RedisDown'), patience)
  })
})

/**
 * A call of /auth from an address of the loopback network of its own: the throttle of one address stops none of them.
 * Status 0 where there was no answer.
 */
function account(
  gateway: string,
  localAddress: string,
  path: string,
  body: object,
): Promise<{ readonly status: number; readonly refreshToken?: string }> {
  return new Promise((resolve) => {
    const asked = request(
      new URL(`/api/v1/auth/${path}`, gateway),
      { method: 'POST', localAddress, agent: false, headers: { 'content-type': 'application/json' } },
      async (reply) => {
        const answer = (await json(reply).catch(() => ({}))) as { refreshToken?: string }
        resolve({ ...answer, status: reply.statusCode ?? 0 })
      },
    )
    asked.on('error', () => resolve({ status: 0 }))
    asked.end(JSON.stringify(body))
  })
}
