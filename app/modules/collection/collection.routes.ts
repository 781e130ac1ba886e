/** The addresses of an owned collection: list, one, create, batch, replace, change, delete. */

import type { FastifyInstance } from 'fastify'
import { type TObject, Type } from 'typebox'
import { anyPrincipal } from '#http/authorize.ts'
import { type ListQuery, listOf, listQuery, readListQuery } from '#http/list-query.ts'
import { sendRead } from '#http/read.ts'
import { idParams, refusals } from '#http/schemas.ts'
import type { Outcome, Write, Writes } from '#http/write.ts'
import type { CacheRead } from '#kernel/cache/cache.ts'
import type { Waiter } from '#kernel/deadline.ts'
import type { Representation } from '#kernel/representation.ts'
import type { CollectionNames, CollectionService } from './collection.service.ts'
import type { CollectionRow } from './collection.store.ts'

export interface CollectionReads {
  one(id: number, waiter?: Waiter): CacheRead | Promise<CacheRead>
  list(query: ListQuery, waiter?: Waiter): CacheRead | Promise<CacheRead>
}

export interface CollectionSchemas {
  readonly wire: TObject
  /** Whole, as POST and PUT take it; its examples are those of PATCH and of the batch too. */
  readonly create: TObject
  readonly filters: Readonly<Record<string, TObject['properties'][string]>>
  readonly sorts: readonly string[]
}

interface RoutesDeps<Row extends CollectionRow> {
  readonly names: CollectionNames
  readonly schemas: CollectionSchemas
  readonly reads: CollectionReads
  readonly service: CollectionService<Row>
  readonly represent: (row: Row) => Representation
  readonly representAll: (rows: readonly Row[]) => Representation
  readonly write: Writes
}

/** A batch weighs on its caller's quota as ten requests do; the work it saves over a hundred creates is theirs to keep. */
const batchCost = 10

/** What the contract says of a schema, beside what it checks. */
interface Annotations {
  readonly title?: string
  readonly examples?: readonly object[]
}

type Values = Readonly<Record<string, unknown>>
interface One {
  Params: { id: number }
  Body: Values
}

export function collectionRoutes<Row extends CollectionRow>(deps: RoutesDeps<Row>) {
  const { names, schemas, reads, service, represent, representAll, write } = deps
  const { name, singular } = names
  const path = `/api/v1/${name}`
  const tags = [name]
  const query = listQuery(schemas.sorts, schemas.filters, Object.keys(schemas.wire.properties))
  const { examples } = schemas.create as Annotations
  const { title = singular } = schemas.wire as Annotations
  const changes = Type.Partial(schemas.create, {
    additionalProperties: false,
    minProperties: 1,
    title: `${title}Changes`,
    ...(examples && { examples }),
  })
  const batch = Type.Object(
    { [name]: Type.Array(schemas.create, { minItems: 1, maxItems: 100 }) },
    { additionalProperties: false, ...(examples && { examples: [{ [name]: examples }] }) },
  )
  const byMember = { permission: anyPrincipal } as const
  const params = idParams()

  const changed = async (row: Promise<Row>): Promise<Outcome> => ({
    status: 200,
    representation: represent(await row),
  })
  const keysOf = (id: number) => ({ keys: [`${name}:${id}`, name] })

  return (app: FastifyInstance): void => {
    app.get(
      path,
      {
        config: { public: true },
        schema: {
          summary: `List ${name}`,
          tags,
          querystring: query,
          response: { 200: listOf(schemas.wire), ...refusals },
        },
      },
      (request, reply) =>
        sendRead(request, reply, reads.list(readListQuery(request.query as never), request), name),
    )

    app.get<One>(
      `${path}/:id`,
      {
        config: { public: true },
        schema: {
          summary: `Read one ${singular}`,
          tags,
          params,
          querystring: Type.Pick(query, ['fields'], { additionalProperties: false }),
          response: { 200: schemas.wire, ...refusals },
        },
      },
      (request, reply) => sendRead(request, reply, reads.one(request.params.id, request), singular),
    )

    app.post<One>(
      path,
      {
        config: byMember,
        schema: {
          summary: `Create one ${singular}`,
          tags,
          body: schemas.create,
          response: { 201: schemas.wire, ...refusals },
        },
      },
      (request, reply) =>
        write(request, reply, { keys: [name], statements: 'one' }, async (now) => {
          const row = await service.create(now, request.body)
          return { status: 201, representation: represent(row), location: `${path}/${row.id}` }
        }),
    )

    app.post<{ Body: Record<string, Values[]> }>(
      `${path}/batch`,
      {
        config: { ...byMember, cost: batchCost },
        schema: {
          summary: `Create up to 100 ${name}, all or none`,
          tags,
          body: batch,
          response: { 201: Type.Object({ data: Type.Array(schemas.wire) }), ...refusals },
        },
      },
      (request, reply) =>
        write(request, reply, { keys: [name], statements: 'one' }, async (now) => ({
          status: 201,
          representation: representAll(await service.createAll(now, request.body[name] ?? [])),
        })),
    )

    const change = (method: 'PUT' | 'PATCH', summary: string, body: TObject, work: typeof service.replace) =>
      app.route<One>({
        method,
        url: `${path}/:id`,
        config: byMember,
        schema: { summary, tags, params, body, response: { 200: schemas.wire, ...refusals } },
        handler: (request, reply) =>
          write(request, reply, keysOf(request.params.id), (now) =>
            changed(work(now, request.params.id, request.body)),
          ),
      })
    change('PUT', `Replace one ${singular}`, schemas.create, service.replace)
    change('PATCH', `Change one ${singular}`, changes, service.change)

    app.delete<One>(
      `${path}/:id`,
      {
        config: byMember,
        schema: {
          summary: `Delete one ${singular}`,
          tags,
          params,
          response: { 204: Type.Null(), ...refusals },
        },
      },
      (request, reply) =>
        write(request, reply, keysOf(request.params.id), async (now: Write) => {
          await service.remove(now, request.params.id)
          return { status: 204 }
        }),
    )
  }
}
