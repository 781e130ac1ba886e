/** The contract, generated from the routes' schemas: `/openapi.json`, a page to browse it, and what each code means. */

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyContextConfig, FastifyInstance } from 'fastify'
import { anyPrincipal } from './authorize.ts'
import { problemTable } from './error-reply.ts'
import { operationId, optionalWhereDefaulted, withComponents } from './openapi-names.ts'

export async function openapi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Sluice', version, description },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'access token or API key' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        },
      },
      security: [...credentials, {}],
    },
    transform: ({ schema, url, route }) => ({
      schema: {
        operationId: operationId(String(route.method), url),
        ...schema,
        ...(schema?.querystring !== undefined && { querystring: optionalWhereDefaulted(schema.querystring) }),
        ...(schema?.body !== undefined && { body: optionalWhereDefaulted(schema.body) }),
        ...access(route.config),
      },
      url,
    }),
    transformObject: (document) =>
      'openapiObject' in document ? withComponents(document.openapiObject) : {},
    refResolver: {
      buildLocalReference: (json, _base, _fragment, index) => String(json.$id ?? `schema-${index}`),
    },
  })
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger())
  app.get('/docs/errors', { schema: { hide: true } }, (_request, reply) => {
    reply.type('text/html; charset=utf-8')
    return errorsPage
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: true,
    theme: { title: 'Sluice API' },
    uiConfig: {
      // Without the bar on top, which would load any other document and style itself inline.
      layout: 'BaseLayout',
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      // A token that is typed in is forgotten with the page.
      persistAuthorization: false,
    },
  })
}

const description = `A ready-to-run API system. **Authorize** takes an access token (from \`POST /api/v1/auth/login\`) or an API key;
in demo mode \`admin-token-dev\` may do everything. Refusals are problem documents: [what each code means](/docs/errors).`

const credentials = [{ bearer: [] }, { apiKey: [] }]

/** Who may use an operation, as far as it is not open to everyone. */
function access({ permission }: FastifyContextConfig = {}): object {
  if (permission === undefined) return {}
  const needed =
    permission === anyPrincipal ? 'Needs a credential.' : `Needs the permission \`${permission}\`.`
  return { security: credentials, description: needed }
}

const rows = problemTable
  .map(
    ({ code, status, title }) =>
      `<tr id="${code}"><td>${status}</td><td><code>${code}</code></td><td>${title}</td></tr>`,
  )
  .join('\n')

const errorsPage = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Error codes</title>
<h1>Error codes</h1>
<p>Every refusal is an <code>application/problem+json</code> document (RFC 9457). Programs read its member <code>error</code>.</p>
<table><thead><tr><th>Status</th><th>Code</th><th>Meaning</th></tr></thead><tbody>
${rows}
</tbody></table></html>
`
