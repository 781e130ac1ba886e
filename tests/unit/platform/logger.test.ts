/** Log lines are JSON of one shape, and hold no secret. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { requestLine } from '#platform/logger.ts'

const root = join(import.meta.dirname, '..', '..', '..')

/** What a logger wrote to its standard output while `script` ran with it as `logger`. */
function logged(level: string, script: string): Record<string, unknown>[] {
  const code = `import { openLogger } from '#platform/logger.ts'
    const logger = openLogger('${level}', 'api-9'); ${script}`
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

t.test('secrets are taken out wherever they stand, and the rest stays', async (t) => {
  const [line] = logged(
    'info',
    `logger.info({ password: 's3cret', token: 's3cret', secret: 's3cret', refreshToken: 's3cret', authorization: 's3cret',
      headers: { cookie: 's3cret' }, body: { password: 's3cret', name: 'Ada', token: 's3cret' },
      err: Object.assign(new Error('failed'), { authorization: 's3cret' }) }, 'hello')`,
  )
  t.match(line, {
    instanceId: 'api-9',
    msg: 'hello',
    level: 30,
    body: { name: 'Ada', password: '[redacted]' },
  })
  t.notMatch(JSON.stringify(line), 's3cret')
})

t.test('secrets are taken out at any depth, under any of their names, and out of texts', async (t) => {
  const lines = logged(
    'info',
    `logger.info({ request: { headers: { 'x-api-key': 's3cret' }, url: '/x?token=s3cret&page=2' } }, 'one')
    logger.info({ body: { user: { newPassword: 's3cret', 'X-API-Key': 's3cret', clientSecret: 's3cret' } } }, 'two')
    logger.info({ list: [{ cookie: 's3cret' }, { 'Set-Cookie': 's3cret' }, 'Authorization: Bearer s3cret'] }, 'three')
    logger.warn({ err: new Error('cannot reach postgres://sluice:s3cret@db/sluice', { cause: new Error('Bearer s3cret') }) }, 'four') // not-a-secret
    logger.info({ a: { b: { c: { d: { e: { f: { g: 's3cret' } } } } } } }, 'five')`,
  )
  t.strictSame(
    lines.map(({ msg }) => msg),
    ['one', 'two', 'three', 'four', 'five'],
  )
  t.notMatch(JSON.stringify(lines), 's3cret')
  t.match(lines[0], { request: { url: '/x?token=[redacted]&page=2' } }, 'the rest stays')
  t.match(lines[3], { err: { type: 'Error', message: /sluice:\[redacted\]@db/ } })
})

t.test('the level is the least that is written', async (t) => {
  const all = `for (const level of ['debug', 'info', 'warn', 'error']) logger[level](level)`
  const levels = (level: string) => logged(level, all).map(({ msg }) => msg)
  t.strictSame(levels('warn'), ['warn', 'error'])
  t.strictSame(levels('silent'), [])
})

t.test('the line of a request is one line of JSON, whatever a client put into it', async (t) => {
  const answered = {
    requestId: 'r-1',
    method: 'GET',
    path: '/api/v1/"quoted"\n\\back',
    route: '/api/v1/:id',
    status: 200,
    durationMs: 1.23456,
    principal: 'user:7',
    clientAddress: '2001:db8:0:0::/64',
    traceId: 'a'.repeat(32),
  }
  const text = requestLine('api-9', answered)
  t.equal(text.indexOf('\n'), text.length - 1)
  t.match(JSON.parse(text), { ...answered, level: 30, instanceId: 'api-9', durationMs: 1.23, msg: 'request' })
})
