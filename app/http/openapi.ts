/** The contract, generated from the routes' schemas: `/openapi.json`, a page to browse it, and what each code means. */

import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { problemTable } from './error-reply.ts'

export async function openapi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Sluice', version, description: 'A ready-to-run API system.' },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', description: 'access token or API key' },
          apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        },
      },
      security: [{ bearer: [] }, { apiKey: [] }, {}],
    },
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
    uiConfig: { persistAuthorization: false },
  })
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
