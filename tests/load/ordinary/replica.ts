/**
 * An ordinary careful build of "read one user": each part as its documentation shows it. The token is verified on each
 * request, the bucket is a script in Redis, the cache is JSON in Redis, pino writes its two lines, helmet, CORS,
 * compress and prom-client are registered for all routes. `node replica.ts <port>`
 */

import { createPublicKey } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import compress from '@fastify/compress'
import cors from '@fastify/cors'
import helmet from '@fastify/helmet'
import jwt from '@fastify/jwt'
import { fastify } from 'fastify'
import { Redis } from 'ioredis'
import postgres from 'postgres'
import { Histogram, Registry } from 'prom-client'

const {
  REDIS_SOCKET = '',
  JWT_KEYS = '',
  DATABASE_SOCKET = '',
  DATABASE_PORT = '',
  PGPASSWORD = '',
} = process.env

const bucketScript = `
local state = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local tokens = math.min(ARGV[1], (tonumber(state[1]) or ARGV[1]) + (now - (tonumber(state[2]) or now)) * ARGV[2])
local allowed = tokens >= 1
if allowed then tokens = tokens - 1 end
redis.call('HSET', KEYS[1], 'tokens', tokens, 'at', now)
redis.call('PEXPIRE', KEYS[1], 60000)
return { allowed and 1 or 0, math.floor(tokens) }`

interface User {
  readonly id: number
  readonly email: string
}

const properties = Object.fromEntries(
  ['email', 'name', 'role', 'tier', 'createdAt', 'updatedAt'].map((name) => [name, { type: 'string' }]),
)
const User = {
  type: 'object',
  properties: { id: { type: 'integer' }, ...properties, isActive: { type: 'boolean' } },
}

const redis = new Redis({ path: REDIS_SOCKET, keyPrefix: 'ordinary:' })
redis.defineCommand('takeToken', { numberOfKeys: 1, lua: bucketScript })
const takeToken = redis as unknown as {
  takeToken(key: string, capacity: number, perMs: number): Promise<[number, number]>
}
const sql = postgres({
  path: `${DATABASE_SOCKET}/.s.PGSQL.${DATABASE_PORT}`,
  user: 'sluice',
  database: 'sluice',
  password: PGPASSWORD,
})

const registry = new Registry()
const durations = new Histogram({
  name: 'http_request_duration_seconds',
  help: 'Time of one request',
  labelNames: ['method', 'route', 'status'],
  registers: [registry],
})

const [keyFile = ''] = readdirSync(JWT_KEYS).sort().reverse()
const privateKey = readFileSync(join(JWT_KEYS, keyFile), 'utf8')
const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString()

const app = fastify({ logger: true })
await app.register(helmet)
await app.register(cors, { origin: ['http://localhost:8080'], credentials: true })
await app.register(compress)
await app.register(jwt, {
  secret: { private: privateKey, public: publicKey },
  sign: { algorithm: 'EdDSA' },
  verify: { algorithms: ['EdDSA'] },
})

app.addHook('onRequest', async (request, reply) => {
  const { sub } = await request.jwtVerify<{ sub: string }>()
  const [allowed, left] = await takeToken.takeToken(`bucket:${sub}`, 1_000_000, 1_000_000 / 60_000)
  reply.header('x-ratelimit-remaining', left)
  if (allowed === 0) return reply.code(429).send({ error: 'rate_limited' })
})
app.addHook('onResponse', async (request, reply) => {
  durations.observe(
    { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode },
    reply.elapsedTime / 1_000,
  )
})

app.get<{ Params: { id: number } }>(
  '/api/v1/users/:id',
  {
    schema: { params: { type: 'object', properties: { id: { type: 'integer' } } }, response: { 200: User } },
  },
  async (request, reply) => {
    const key = `user:${request.params.id}`
    const cached = await redis.get(key)
    if (cached !== null) return JSON.parse(cached) as User
    const [user] = await sql<User[]>`
      select id::int, email, name, role, tier, is_active as "isActive", created_at as "createdAt",
        updated_at as "updatedAt" from users where users.id = ${request.params.id}`
    if (user === undefined) return reply.code(404).send({ error: 'not_found' })
    await redis.set(key, JSON.stringify(user), 'EX', 300)
    return user
  },
)

await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' })
process.on('SIGTERM', () => process.exit(0))
