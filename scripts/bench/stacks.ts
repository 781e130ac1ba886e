/** The systems that are compared, each started when a row first asks for it, all alive together until the end. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { endedByInterrupt } from '#scripts/engine/interrupt.ts'
import { layoutOf, root } from '#scripts/engine/layout.ts'
import { nginxVariables } from '#scripts/engine/nginx-variables.ts'
import { postgresHome } from '#scripts/engine/postgres-home.ts'
import { localSettings } from '#scripts/engine/settings.ts'
import { type RunningStack, startStack } from '#scripts/engine/stack.ts'
import { startChain, type Transport } from './chain.ts'
import type { Target } from './compare.ts'
import { openData } from './data.ts'
import { startNginx } from './servers.ts'

/** Sluice under test: its way in, and its Redis and Postgres. */
export interface Ours {
  readonly target: Target
  readonly stack: RunningStack
  readonly redisSocket: string
}

/** A stack that differs in something. */
export interface Variant {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  readonly replicas?: number
}

// The limits stay on, with figures that the load does not reach: buckets, leases and headers cost what they cost.
// Anonymous callers keep theirs, and so does the stack as it is shipped: rows about refusals and Redis calls are about them.
export const raised = {
  RATE_LIMIT_FREE: '1000000',
  RATE_LIMIT_PRO: '1000000',
  RATE_LIMIT_ENTERPRISE: '1000000',
  EDGE_RATE_PER_SECOND: '100000',
  EDGE_BURST: '100000',
  EDGE_CONNECTIONS: '4096',
  EDGE_SIGN_IN_PER_MINUTE: '60000',
  EDGE_SIGN_IN_BURST: '10000',
  // What the balancer over TCP says of the client's address is believed, as between containers.
  TRUSTED_PROXIES: '127.0.0.1/32',
}

/** Offsets from the first port; a stack takes the hundred from its own. */
const ports = {
  ours: 0,
  others: [200, 100],
  floor: 300,
  oursTcp: 340,
  floorTcp: 350,
  ordinary: 360,
  floorFewer: 370,
}

export function benchStacks(portBase: number, progress: (text: string) => void) {
  const opened = endedByInterrupt(new AsyncDisposableStack())
  const free = [...ports.others]
  const known = new Map<string, Promise<unknown>>()
  const once = <T>(name: string, start: () => Promise<T>): Promise<T> => {
    const running = known.get(name) ?? start()
    known.set(name, running)
    return running as Promise<T>
  }

  async function ours(): Promise<Ours> {
    progress('starting ours')
    const running = await startOurs({ name: 'ours', portBase: portBase + ports.ours, env: raised })
    opened.defer(() => running.stack.stop({ erase: true }))
    return running
  }

  async function chain(
    name: string,
    build: string,
    transport: Transport,
    offset: number,
    replicas = 3,
  ): Promise<Target> {
    progress(`starting ${name}`)
    return opened.use(await startChain({ name, build, transport, port: portBase + offset, replicas })).target
  }

  return {
    ours: () => once('ours', ours),
    /** Another one, for one row alone: an idle stack takes CPU from those that are measured. Two at once at most. */
    async alone<T>(variant: Variant, work: (other: Ours) => Promise<T>): Promise<T> {
      progress(`starting ${variant.name}`)
      const offset = free.pop()
      if (offset === undefined) throw new Error('two stacks beside ours run already')
      try {
        const running = await startOurs({ ...variant, portBase: portBase + offset })
        return await work(running).finally(() => running.stack.stop({ erase: true }))
      } finally {
        free.push(offset)
      }
    },
    /** Two that have done nothing before, to be compared: one that has been used for other rows is dearer. */
    pair<T>(subject: Variant, reference: Variant, work: (subject: Ours, reference: Ours) => Promise<T>) {
      return this.alone(subject, (one) => this.alone(reference, (other) => work(one, other)))
    },
    /** Its tables filled, and a way to fill them further. */
    data: () =>
      once('data', async () => {
        const data = openData((await once('ours', ours)).stack.layout)
        opened.defer(() => data.close())
        return data
      }),
    floor: () => once('floor', () => chain('floor', 'floor', 'unix', ports.floor)),
    floorTcp: () => once('floor-tcp', () => chain('floor-tcp', 'floor', 'tcp', ports.floorTcp)),
    floorOf: (replicas: number) =>
      once(`floor-${replicas}`, () =>
        chain(`floor-${replicas}`, 'floor', 'unix', ports.floorFewer + replicas, replicas),
      ),
    /** The same replicas behind a gateway and a balancer that speak TCP, as containers do. */
    oursTcp: () =>
      once('ours-tcp', async () => {
        progress('starting ours-tcp')
        return tcpEdge(await once('ours', ours), portBase + ports.oursTcp, opened)
      }),
    ordinary: () =>
      once('ordinary', async () => {
        progress('starting ordinary')
        const { stack, redisSocket } = await once('ours', ours)
        const started = await startChain({
          name: 'ordinary',
          build: 'ordinary',
          transport: 'tcp',
          port: portBase + ports.ordinary,
          env: ordinaryEnvironment(redisSocket, stack),
        })
        const { target } = opened.use(started)
        const servers = [await stack.pid('redis'), await stack.pid('postgres')]
        return { ...target, pids: [...target.pids, ...servers] }
      }),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

async function startOurs({ name, ...options }: Variant & { portBase: number }): Promise<Ours> {
  const stack = endedByInterrupt(await startStack(options))
  const pids = (await stack.report()).flatMap((one) => one.pids.slice(0, 1))
  return {
    target: { name, url: stack.gateway, pids },
    stack,
    redisSocket: join(stack.layout.run, 'redis.sock'),
  }
}

export type BenchStacks = ReturnType<typeof benchStacks>

// It reads the same table, and accepts the tokens that ours gives out.
const ordinaryEnvironment = (redisSocket: string, { layout }: RunningStack) => ({
  REDIS_SOCKET: redisSocket,
  JWT_KEYS: join(layout.secrets, 'jwt'),
  DATABASE_SOCKET: postgresHome(join(layout.postgres, 'data'), join(layout.postgres, 'run')).sockets,
  DATABASE_PORT: String(layout.ports.postgres),
  PGPASSWORD: readFileSync(join(layout.secrets, 'postgres-password'), 'utf8').trim(),
})

async function tcpEdge({ target, stack }: Ours, port: number, opened: AsyncDisposableStack): Promise<Target> {
  const { layout } = stack
  const { config } = localSettings({ ...raised, PORT_BASE: String(layout.ports.balancer) }, '/dev/null')
  const [internal, gateway, balancer] = [port + 1, port, port + 2]
  const pids: number[] = []
  for (const tier of ['balancer', 'gateway'] as const) {
    const folder = join(layout.nginx, `tcp-${tier}`)
    const [api1, api2, api3] = layout.ports.replicas.map((replica) => `127.0.0.1:${replica}`)
    const variables = {
      ...nginxVariables(tier, config, layoutOf(layout.ports.balancer)),
      NGINX_RUN_DIR: join(folder, 'run'),
      ERROR_LOG: join(layout.log, `tcp-${tier}-error.log`),
      ACCESS_LOG: join(layout.log, `tcp-${tier}-access.log`),
      STATUS_LISTEN: `unix:${layout.run}/tcp-${tier}-status.sock`,
      GATEWAY_LISTEN: `127.0.0.1:${gateway}`,
      BALANCER_LISTEN: `127.0.0.1:${balancer}`,
      BALANCER_INTERNAL_LISTEN: `127.0.0.1:${internal}`,
      BALANCER_UPSTREAM: `127.0.0.1:${internal}`,
      API_1: api1 ?? '',
      API_2: api2 ?? '',
      API_3: api3 ?? '',
    }
    const server = await startNginx({
      templates: join(root, 'nginx', tier),
      file: 'nginx.conf',
      folder,
      variables,
      answersAt: { path: '/', port: tier === 'gateway' ? gateway : balancer },
    })
    opened.defer(() => server.stop())
    pids.push(server.pid)
  }
  const behind: number[] = []
  for (const one of await stack.report()) {
    if (one.name !== 'gateway' && one.name !== 'balancer') behind.push(...one.pids.slice(0, 1))
  }
  return { ...target, name: 'ours-tcp', url: `http://127.0.0.1:${gateway}`, pids: [...pids, ...behind] }
}
