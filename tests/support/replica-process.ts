/** `node app/main.ts` as a real process, and connections to it that a test holds in its hand. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type NetConnectOpts } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureSecrets } from '#scripts/secrets.ts'
import { asApplication, testDatabase } from './database.ts'
import { eventually } from './eventually.ts'
import { testRedis } from './redis.ts'
import type { Scope } from './scope.ts'

export interface ReplicaProcess {
  readonly child: ChildProcess
  readonly settings: Readonly<Record<string, string>>
  readonly stdout: () => string
  readonly stderr: () => string
  /** Exit code, or the signal that ended it. */
  readonly exited: Promise<number | string>
}

/** What a replica needs to start: a database, a prefix in Redis, secrets. */
export async function replicaSettings(t: Scope, port: number): Promise<Record<string, string>> {
  const [databaseUrl, redis] = await Promise.all([testDatabase(t), testRedis(t)])
  const secrets = mkdtempSync(join(tmpdir(), 'sluice-replica-'))
  t.teardown(() => rmSync(secrets, { recursive: true, force: true }))
  ensureSecrets(secrets)
  return {
    NODE_ENV: 'test',
    INSTANCE_ID: 'api-process',
    HOST: '127.0.0.1',
    PORT: String(port),
    SOCKET_PATH: join(secrets, 'api.sock'),
    DATABASE_URL: asApplication(databaseUrl),
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    SECRETS_DIR: secrets,
    METRICS_TOKEN: 'metrics-token',
    RATE_LIMIT_ANONYMOUS: '1000000',
  }
}

const clone = join(import.meta.dirname, '..', '..')

/** @param folder - whose code it runs */
export function startReplica(
  t: Scope,
  settings: Readonly<Record<string, string>>,
  folder = clone,
): ReplicaProcess {
  const { PATH = '' } = process.env
  const child = spawn(process.execPath, ['app/main.ts'], { cwd: folder, env: { PATH, ...settings } })
  let [out, err] = ['', '']
  child.stdout.on('data', (bytes) => {
    out += bytes
  })
  child.stderr.on('data', (bytes) => {
    err += bytes
  })
  const exited = once(child, 'close').then(([code, signal]) => code ?? signal)
  t.teardown(async () => {
    child.kill('SIGKILL')
    await exited
  })
  return { child, settings, stdout: () => out, stderr: () => err, exited }
}

/** The same, ready for requests. */
export async function readyReplica(
  t: Scope,
  settings: Readonly<Record<string, string>>,
  folder = clone,
): Promise<ReplicaProcess> {
  const replica = startReplica(t, settings, folder)
  const ready = async (): Promise<boolean> => {
    const answer = await fetch(`http://127.0.0.1:${settings.PORT}/health/ready`, {
      headers: { connection: 'close' },
    })
    const { dependencies } = (await answer.json()) as { dependencies: Record<string, string> }
    return Object.values(dependencies).every((state) => state === 'up')
  }
  const gone = replica.exited.then((code) => {
    throw new Error(`the replica exited with ${code}: ${replica.stderr()}`)
  })
  await Promise.race([eventually(t, ready, { withinMs: 30_000 }), gone])
  gone.catch(() => {})
  return replica
}

export interface RawAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Connection {
  /** Sends these characters and no more. */
  send(text: string): void
  /** The next whole answer; rejects when the connection ends first. */
  answer(): Promise<RawAnswer>
  readonly ended: Promise<void>
  destroy(): void
}

export async function openConnection(t: Scope, where: NetConnectOpts): Promise<Connection> {
  const socket = connect(where)
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  let received = ''
  let isOver = false
  let wake = (): void => {}
  socket.setEncoding('latin1')
  socket.on('data', (text) => {
    received += text
    wake()
  })
  socket.on('error', () => {})
  const ended = once(socket, 'close').then(() => {
    isOver = true
    wake()
  })
  return {
    send: (text) => {
      socket.write(text)
    },
    answer: async () => {
      for (;;) {
        const whole = /^HTTP\/1\.1 (\d+) .*?\r\n(.*?)\r\n\r\n/s.exec(received)
        const headers = Object.fromEntries(
          (whole?.[2] ?? '').split('\r\n').map((line) => line.split(': ', 2) as [string, string]),
        )
        const from = whole?.[0].length ?? 0
        const to = from + Number(headers['content-length'] ?? 0)
        if (whole && received.length >= to) {
          const body = received.slice(from, to)
          received = received.slice(to)
          return { status: Number(whole[1]), headers, body }
        }
        if (isOver) throw new Error(`the connection ended after: ${received}`)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    ended,
    destroy: () => socket.destroy(),
  }
}
