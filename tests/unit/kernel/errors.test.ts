/** Refusals carry a stable code, and to the client nothing but what they were given. */

import t from 'tap'
import {
  AppError,
  alreadyExists,
  forbidden,
  notFound,
  preconditionFailed,
  unavailable,
} from '#kernel/errors.ts'

t.test('an error without a detail is called by its code', async (t) => {
  const error = new AppError('overloaded')
  t.match(error, { code: 'overloaded', message: 'overloaded', name: 'AppError' })
  t.strictSame([error.fields, error.retryAfterSeconds, error.cause], [undefined, undefined, undefined])
  t.notOk('cause' in error)
})

t.test('each maker names its code, its subject and what goes with it', async (t) => {
  t.match(notFound('item', 7), { code: 'not_found', message: 'There is no item 7.' })
  t.match(alreadyExists('address', 'email'), {
    code: 'already_exists',
    fields: [{ path: 'email', message: 'is taken' }],
  })
  t.match(forbidden('Not yours.'), { code: 'forbidden', message: 'Not yours.' })
  t.match(preconditionFailed(), { code: 'precondition_failed' })
  const cause = new Error('ECONNREFUSED 10.0.0.1')
  const error = unavailable('The database', 3, cause)
  t.match(error, { code: 'dependency_unavailable', retryAfterSeconds: 3, cause })
  t.notMatch(error.message, 'ECONNREFUSED')
})
