import t from 'tap'
import { operationId, optionalWhereDefaulted, withComponents } from '#http/openapi-names.ts'

t.test('an operation is called by its method and path', async (t) => {
  t.equal(operationId('GET', '/api/v1/items/:id'), 'getItemsById')
  t.equal(operationId('POST', '/api/v1/auth/logout-all'), 'postAuthLogoutAll')
  t.equal(operationId('GET', '/health/ready'), 'getRootHealthReady')
})

t.test('a member with a default may be left out; the others stay as they were', async (t) => {
  const schema = { type: 'object', required: ['q', 'limit'], properties: { q: {}, limit: { default: 20 } } }
  t.strictSame(optionalWhereDefaulted(schema).required, ['q'])
  t.strictSame(optionalWhereDefaulted({ type: 'string' }), { type: 'string' })
})

const pathsWith = (...schemas: object[]) => ({
  paths: { '/x': { get: { responses: { 200: { description: 'Default Response', schemas } } } } },
})

t.test('a schema with a title becomes a component, wherever it stands', async (t) => {
  const tea = { title: 'Tea', type: 'object', properties: { title: { type: 'string' } } }
  const document = withComponents(
    pathsWith({ type: 'array', items: tea }, { ...tea, examples: [{ title: 'Assam' }] }),
  )
  t.match(document, {
    paths: {
      '/x': {
        get: {
          responses: {
            200: {
              description: 'OK',
              schemas: [
                { type: 'array', items: { $ref: '#/components/schemas/Tea' } },
                { $ref: '#/components/schemas/Tea' },
              ],
            },
          },
        },
      },
    },
    components: { schemas: { Tea: { ...tea, examples: [{ title: 'Assam' }] } } },
  })
})

t.test('one title for two schemas is a mistake that is told', async (t) => {
  t.throws(() => withComponents(pathsWith({ title: 'Tea' }, { title: 'Tea', type: 'object' })), /called Tea/)
})
