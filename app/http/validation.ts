/** Bodies are taken as they are; only addresses, which are all text, have their numbers read. Unknown members are refused. */

import { Ajv, type Options } from 'ajv'
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
export const bodyRules = (): Ajv => addFormats.default(new Ajv(common))

export function validation(app: FastifyInstance): void {
  const strict = bodyRules()
  const reading = addFormats.default(new Ajv({ ...common, coerceTypes: true }))
  const compiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) =>
    (httpPart === 'body' ? strict : reading).compile(schema)
  app.setValidatorCompiler(compiler)
}
