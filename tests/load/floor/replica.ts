/** The floor's replica: static JSON through a response schema, and nothing else. `node replica.ts <port or socket>` */

import { fastify } from 'fastify'

const user = {
  id: 1,
  email: 'admin@example.com',
  name: 'Demo Admin',
  role: 'admin',
  tier: 'enterprise',
  isActive: true,
  createdAt: '2026-01-01T00:00:00.000000Z',
  updatedAt: '2026-01-01T00:00:00.000000Z',
}
const text = { type: 'string' }
const properties = {
  id: { type: 'integer' },
  email: text,
  name: text,
  role: text,
  tier: text,
  isActive: { type: 'boolean' },
  createdAt: text,
  updatedAt: text,
}

const app = fastify()
app.get(
  '/api/v1/users/:id',
  { schema: { response: { 200: { type: 'object', properties } } } },
  async () => user,
)

const where = process.argv[2] ?? '0'
await app.listen(where.includes('/') ? { path: where } : { port: Number(where), host: '127.0.0.1' })
process.on('SIGTERM', () => process.exit(0))
