/** One replica as `compose` builds it, over a real Postgres and a real Redis of one test file, called without a network. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance, InjectOptions } from 'fastify'
import { compose } from '#app/compose.ts'
import type { Config } from '#app/config.ts'
import { loadConfig } from '#app/load-config.ts'
import { apiKeyHash, newApiKey } from '#modules/api-keys/api-key.ts'
import { openPostgres, type Postgres } from '#platform/postgres.ts'
import { ensureSecrets } from '#scripts/secrets.ts'
import { asApplication, testDatabase } from './database.ts'
import { eventually } from './eventually.ts'
import { testRedis } from './redis.ts'
import type { Scope } from './scope.ts'

export interface Answer<Body> {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Parsed where the media type is JSON, else text; undefined where there is none. */
  readonly body: Body
}

export interface Call {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly remoteAddress?: string
}

/** Calls with one credential, or none. The body's type is the caller's claim. */
export interface Caller {
  request<Body>(method: string, url: string, call?: Call): Promise<Answer<Body>>
  get<Body>(url: string, call?: Call): Promise<Answer<Body>>
  post<Body>(url: string, body?: unknown, call?: Call): Promise<Answer<Body>>
  put<Body>(url: string, body?: unknown, call?: Call): Promise<Answer<Body>>
  patch<Body>(url: string, body?: unknown, call?: Call): Promise<Answer<Body>>
  delete<Body>(url: string, call?: Call): Promise<Answer<Body>>
}

/** An account with an API key. */
export interface Member extends Caller {
  readonly id: number
  readonly key: string
}

export interface NewMember {
  readonly name?: string
  readonly role?: 'user' | 'admin'
  readonly tier?: 'free' | 'pro' | 'enterprise'
}

export interface Application {
  readonly app: FastifyInstance
  readonly routes: Awaited<ReturnType<typeof compose>>['routes']
  readonly config: Config
  /** For what a test prepares and looks up: not the pool of the application, and always reachable. */
  readonly database: Postgres
  readonly anonymous: Caller
  member(wanted?: NewMember): Promise<Member>
  drain(): void
}

type Settings = Readonly<Record<string, string>>

/** `settings` are environment variables; with DATABASE_URL or REDIS_URL the application goes another way to the same servers. */
export async function application(
  t: Scope,
  settings: (database: string, redis: string) => Settings | Promise<Settings> = () => ({}),
): Promise<Application> {
  const [databaseUrl, redis] = await Promise.all([testDatabase(t), testRedis(t)])
  const secrets = mkdtempSync(join(tmpdir(), 'sluice-secrets-'))
  ensureSecrets(secrets)
  const config = loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    INSTANCE_ID: 'api-test',
    REPLICAS: '1',
    DATABASE_URL: asApplication(databaseUrl),
    DATABASE_POOL_MAX: '4',
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    REDIS_TIMEOUT_MS: '1000',
    SECRETS_DIR: secrets,
    METRICS_TOKEN: 'metrics-token',
    RATE_LIMIT_ANONYMOUS: '1000000',
    RATE_LIMIT_FREE: '1000000',
    // What a test finds in the cache is what it asked for.
    CACHE_WARM: '0',
    ...(await settings(asApplication(databaseUrl), redis.url)),
  })
  const database = openPostgres({
    url: databaseUrl,
    maxConnections: 2,
    statementTimeoutMs: 30_000,
    name: 'test',
  })
  const composed = await compose(config)
  await composed.app.ready()
  await composed.start()
  t.teardown(async () => {
    await composed.app.close()
    await composed.close()
    await database.close()
    rmSync(secrets, { recursive: true, force: true })
  })
  const { app, routes, drain } = composed
  // The first second: connections to Redis and Postgres are opened in the background.
  const isUp = async (): Promise<boolean> => {
    const { dependencies } = (await app.inject('/health/ready')).json()
    return Object.values(dependencies).every((state) => state === 'up')
  }
  await eventually(t, isUp)

  return {
    app,
    routes,
    config,
    database,
    drain,
    anonymous: caller(app),
    member: async (wanted) => {
      const { id, key } = await insertMember(database, wanted)
      return { id, key, ...caller(app, { authorization: `Bearer ${key}` }) }
    },
  }
}

let members = 0

/** An account that has never signed in, and a key with all that its role may do. */
export async function insertMember(
  database: Postgres,
  { name = `Member ${++members}`, role = 'user', tier = 'free' }: NewMember = {},
): Promise<{ id: number; key: string }> {
  const [user] = await database.text<{ id: number }>(
    'insert into users (email, name, role, tier) values ($1, $2, $3, $4) returning id',
    [`member-${process.pid}-${++members}@example.com`, name, role, tier],
  )
  const id = user?.id ?? 0
  const key = newApiKey(id)
  await database.text(
    `insert into api_keys (owner_id, name, secret_hash, scopes) values ($1, 'test', $2, '{*}')`,
    [id, apiKeyHash(key)],
  )
  return { id, key }
}

function caller(app: FastifyInstance, always: Readonly<Record<string, string>> = {}): Caller {
  const request = async <Body>(method: string, url: string, call: Call = {}): Promise<Answer<Body>> => {
    const { body, headers, remoteAddress } = call
    const response = await app.inject({
      method: method as NonNullable<InjectOptions['method']>,
      url,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...always,
        ...headers,
      },
      ...(remoteAddress !== undefined && { remoteAddress }),
      ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const isJson = /[/+]json\b/.test(String(response.headers['content-type']))
    const text = response.body
    return {
      status: response.statusCode,
      headers: response.headers as Record<string, string | undefined>,
      body: (text === '' ? undefined : isJson ? JSON.parse(text) : text) as Body,
    }
  }
  return {
    request,
    get: (url, call) => request('GET', url, call),
    post: (url, body, call) => request('POST', url, { ...call, body }),
    put: (url, body, call) => request('PUT', url, { ...call, body }),
    patch: (url, body, call) => request('PATCH', url, { ...call, body }),
    delete: (url, call) => request('DELETE', url, call),
  }
}
