/** Bodies are taken as they are; only addresses, which are all text, have their numbers read. Unknown members are refused. */

import { Ajv, type Options, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify'

const common: Options = {
  allErrors: true,
  removeAdditional: false,
  useDefaults: true,
  allowUnionTypes: true,
  strictTypes: false,
}

/** The rules a body is held to; for whoever takes the same things by another way. */
export const bodyRules = (): Ajv => rules(common)

/** JSON Schema, formats, and `maxJsonLength` for what a client shapes itself: its length in characters, written as JSON. */
const rules = (options: Options): Ajv =>
  addFormats.default(new Ajv(options)).addKeyword({
    keyword: 'maxJsonLength',
    schemaType: 'number',
    validate: (limit: number, data: unknown) => JSON.stringify(data).length <= limit,
    error: { message: ({ schema }) => `must NOT be longer than ${schema} characters as JSON` },
  })

export function validation(app: FastifyInstance): void {
  const strict = bodyRules()
  const hasty = rules({ ...common, allErrors: false })
  const reading = rules({ ...common, coerceTypes: true })
  const compiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
    httpPart === 'body' ? bounded(hasty.compile(schema), strict.compile(schema)) : reading.compile(schema)
  app.setValidatorCompiler(compiler)
}

/** Above this, in characters, nobody reads a list of mistakes: the first one says enough. */
const explainedUpTo = 16 * 1024

/**
 * Looking for every mistake goes on after `maxLength` and `maxItems` have failed: a pattern then meets a mebibyte, and a
 * list of zeros becomes half a million errors. So the first mistake decides, and all are only collected from what is small.
 */
const bounded = (first: ValidateFunction, all: ValidateFunction) => (body: unknown) => {
  if (first(body)) return true
  const isSmall = JSON.stringify(body ?? null).length <= explainedUpTo
  return { error: (isSmall && !all(body) ? all.errors : first.errors) ?? [] }
}
