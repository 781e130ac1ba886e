/** The system in containers, from nothing: built, started, asked, one replica replaced, removed. */

import t from 'tap'
import { eventually } from '#tests/support/eventually.ts'
import { httpClient } from '#tests/support/http.ts'
import { dockerStack, whatIsMissing } from './docker-stack.ts'

const services = ['gateway', 'balancer', 'api-1', 'api-2', 'api-3', 'redis', 'postgres']
const jobs = ['setup', 'migrate']
const missing = await whatIsMissing()

t.test('the system in containers', missing ? { skip: missing } : { timeout: 230_000 }, async (t) => {
  const stack = await dockerStack(t)
  const { compose, containers } = stack
  const gateway = httpClient(stack.gateway)
  const balancer = httpClient(stack.balancer)
  const instanceSeen = async () =>
    (await balancer.get<{ instanceId: string }>('/api/v1/status')).body.instanceId

  const isHealthy = async (name: string) => (await containers()).get(name)?.State.Health?.Status === 'healthy'

  await t.test('stands up healthy after one command', async (t) => {
    await compose(['up', '--build', '-d'])
    await eventually(t, () => isHealthy('gateway'), { withinMs: 30_000 })
    const found = await containers()
    t.same([...found.keys()].sort(), [...services, ...jobs].sort())
    for (const name of services) t.equal(found.get(name)?.State.Health?.Status, 'healthy', name)
    for (const name of jobs) t.equal(found.get(name)?.State.ExitCode, 0, name)
  })
  if (!t.passing()) return

  await t.test(
    'runs nothing as root, with a capability, or on a root file system it can write',
    async (t) => {
      for (const [name, { Config, HostConfig }] of await containers()) {
        t.match(Config.User, /^[1-9]\d*:[1-9]\d*$/, name)
        t.ok(HostConfig.ReadonlyRootfs, name)
        t.same(HostConfig.CapDrop, ['ALL'], name)
        t.same(HostConfig.CapAdd ?? [], [], name)
        t.match(HostConfig.SecurityOpt, [/^no-new-privileges/], name)
        t.ok(HostConfig.Memory > 0, name)
        t.equal(HostConfig.RestartPolicy.Name, jobs.includes(name) ? 'no' : 'unless-stopped', name)
      }
    },
  )

  await t.test('publishes the gateway and the balancer, on loopback, and nothing else', async (t) => {
    for (const [name, { NetworkSettings }] of await containers()) {
      const published = Object.entries(NetworkSettings.Ports).flatMap(([port, hosts]) =>
        (hosts ?? []).map(({ HostIp }) => `${HostIp} ${port}`),
      )
      const expected = { gateway: ['127.0.0.1 8080/tcp'], balancer: ['127.0.0.1 3000/tcp'] }[name] ?? []
      t.same(published, expected, name)
    }
  })

  await t.test('answers through both tiers, from each of the three replicas', async (t) => {
    t.same((await gateway.get('/gateway-health')).body, { status: 'ok', service: 'gateway' })
    t.same((await gateway.get('/lb-health')).body, { status: 'ok', service: 'balancer' })
    t.equal((await gateway.get('/api/users/1')).status, 401)
    t.match(await gateway.as('dummy-token').get('/api/users/1'), { status: 200, body: { id: 1 } })
    const seen = new Set<string>()
    await eventually(t, async () => seen.add(await instanceSeen()).size === 3)
    t.same([...seen].sort(), ['api-1', 'api-2', 'api-3'])
  })

  await t.test('finds a replica again that was recreated', async (t) => {
    const before = (await containers()).get('api-2')?.Id
    await compose(['up', '-d', '--no-deps', '--force-recreate', 'api-2'])
    t.not((await containers()).get('api-2')?.Id, before)
    await eventually(t, async () => (await instanceSeen()) === 'api-2', { withinMs: 30_000 })
  })

  await t.test('keeps the secrets it has when it is set up again', async (t) => {
    t.match(await compose(['run', '--rm', '-T', 'setup']), /all present/)
  })

  await t.test('refuses to show demo accounts beyond loopback', async (t) => {
    const exposed = compose(['run', '--rm', '-T', 'setup'], { GATEWAY_BIND: '0.0.0.0' })
    await t.rejects(exposed, { message: /GATEWAY_BIND=0\.0\.0\.0 .* set DEMO=false/ })
    const inProduction = compose(['run', '--rm', '-T', 'setup'], { NODE_ENV: 'production' })
    await t.rejects(inProduction, { message: /NODE_ENV=production refuses demo mode/ })
  })
})
