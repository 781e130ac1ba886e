/** Names for the contract: what clients in every language are generated from needs operations and types with names. */

import { STATUS_CODES } from 'node:http'

type Json = Readonly<Record<string, unknown>>

/** `get /api/v1/items/:id` -> `getItemsById`. What stands outside /api is called by its whole path: `getRootHealth`. */
export function operationId(method: string, path: string): string {
  const inApi = path.replace(/^\/api\/v1\//, '')
  const words = (inApi === path ? `root${path}` : inApi)
    .replaceAll(/:([A-Za-z]+)/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

/** Validation fills defaults in before it asks what is required; to clients such a member is optional. */
export function optionalWhereDefaulted<Schema>(schema: Schema): Schema {
  if (!isObject(schema) || !Array.isArray(schema.required) || !isObject(schema.properties)) return schema
  const { properties } = schema
  return {
    ...schema,
    required: schema.required.filter((name) => {
      const property = properties[name]
      return !isObject(property) || property.default === undefined
    }),
  }
}

/**
 * Moves each schema with a `title` to the components, under this name, and refers to it. Descriptions that nobody wrote
 * become the status in words. @throws where two different schemas have one title.
 */
export function withComponents<Document extends object>(document: Document): Document {
  const { paths, components } = document as { paths?: object; components?: { schemas?: Json } }
  const schemas: Record<string, unknown> = { ...components?.schemas }
  const texts = new Map<string, string>()

  const walk = (node: unknown): unknown => {
    if (Array.isArray(node)) return node.map(walk)
    if (!isObject(node)) return node
    const walked = Object.fromEntries(
      Object.entries(node).map(([key, value]) => [key, values.has(key) ? value : walk(value)]),
    )
    if (isObject(walked.responses)) walked.responses = worded(walked.responses)
    const { title } = walked
    if (typeof title !== 'string') return walked
    // Where a schema is a whole body, its examples have been moved to the body's media type.
    const { examples, ...schema } = walked
    const text = JSON.stringify(schema)
    if (texts.has(title) && texts.get(title) !== text)
      throw new Error(`two different schemas are called ${title}`)
    texts.set(title, text)
    schemas[title] = examples === undefined ? (schemas[title] ?? schema) : walked
    return { $ref: `#/components/schemas/${title}` }
  }
  const walked = walk(paths)
  return { ...document, paths: walked, components: { ...components, schemas } }
}

/** Keywords whose content is data, where a `title` is only a member. */
const values: ReadonlySet<string> = new Set(['default', 'enum', 'const', 'example', 'examples'])

const worded = (responses: Json): Json =>
  Object.fromEntries(
    Object.entries(responses).map(([status, response]) => [
      status,
      isObject(response) && response.description === 'Default Response'
        ? { ...response, description: STATUS_CODES[status] ?? status }
        : response,
    ]),
  )

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
